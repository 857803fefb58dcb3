"""Run as a process of its own: 50 requests at once against the database at argv[1]; prints how many were accepted."""

import asyncio
import sys

from sqlalchemy import Connection

from bot.domain.quota import Refusal
from bot.storage.database import Database
from bot.storage.holds import Held
from tests.support.credits_world import BUDGET, MEMBER, hold

PRICE = BUDGET // 50


def ask(conn: Connection, number: int, price: int = PRICE) -> Held | tuple[Refusal, ...]:
    """Ask for the credits of one request of a crowd of five members."""
    return hold(conn, f"job{number}", price, member_id=MEMBER + number % 5)


async def main(url: str, first: int) -> None:
    database = await Database.open(url)
    outcomes = await asyncio.gather(*(database.write(ask, first + number) for number in range(50)))
    await database.close()
    print(sum(isinstance(outcome, Held) for outcome in outcomes))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
