"""Run as a process of its own: 50 requests at once against the database at argv[1]; prints how many were accepted."""

import asyncio
import sys

from bot.storage import holds
from bot.storage.database import Database
from bot.storage.holds import Held, Hold
from bot.storage.tables.provider import OWNER_ACCOUNT
from tests.support.credits_world import BUDGET, GUILD, MEMBER, NOON

PRICE = BUDGET // 50


def ask(number: int, price: int = PRICE) -> Hold:
    """One of a crowd of five members."""
    return Hold(f"job{number}", GUILD, MEMBER + number % 5, (), OWNER_ACCOUNT, "veo", price, NOON)


async def main(url: str, first: int) -> None:
    database = await Database.open(url)
    outcomes = await asyncio.gather(*(database.write(holds.hold, ask(first + number)) for number in range(50)))
    await database.close()
    print(sum(isinstance(outcome, Held) for outcome in outcomes))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
