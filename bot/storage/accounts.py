"""Provider accounts: the owner's and those that guilds bring, with what the provider said of them."""

from dataclasses import dataclass

from sqlalchemy import Connection, Integer, bindparam, func, or_, select, update

from bot.domain.blocking import BlockedReason
from bot.storage.tables.provider import OWNER_ACCOUNT, accounts_table


@dataclass(frozen=True, slots=True)
class Account:
    """One API key's account, with what the provider last said of it."""

    id: int
    guild_id: int | None
    hourly_posts: int
    blocked_reason: BlockedReason | None
    blocked_until: float | None
    affordable: int | None
    """Jobs of up to so many credits are sent although the account cannot pay for more. None: none is sent."""
    credits_remaining: int | None
    clock: float

    def blocked_for(self, now: float) -> BlockedReason | None:
        """Return why the account is not used at the moment. A block ends when its time is over."""
        return self.blocked_reason if self.blocked_until is not None and self.blocked_until > now else None

    def affordable_now(self, now: float) -> int | None:
        """Return the credits up to which jobs are sent although the account cannot pay for all. None: no such limit."""
        return self.affordable if self.blocked_for(now) is BlockedReason.NO_CREDITS else None


_BOUND_LOCK = 723155
"""The first key of the advisory locks that `lock_bound` takes; the account's id is the second."""

_COLUMNS = [accounts_table.c[name] for name in Account.__dataclass_fields__]
_SELECT_ONE = select(*_COLUMNS).where(accounts_table.c.id == bindparam("account_id"))
# Not the plain FOR UPDATE: rows that refer to an account can then still be written beside it.
_LOCK = _SELECT_ONE.with_for_update(key_share=True)
_FOR_GUILD = (
    select(*_COLUMNS)
    .where(or_(accounts_table.c.guild_id == bindparam("guild_id"), accounts_table.c.id == OWNER_ACCOUNT))
    .order_by(accounts_table.c.guild_id.is_(None))
    .limit(1)
)
_LOCK_BOUND = select(func.pg_advisory_xact_lock(_BOUND_LOCK, bindparam("account_id", type_=Integer)))
_ONE = update(accounts_table).where(accounts_table.c.id == bindparam("key"))
_BLOCK = _ONE.values(blocked_reason=bindparam("reason"), blocked_until=bindparam("until"), affordable=bindparam("most"))
_UNBLOCK = _ONE.values(blocked_reason=None, blocked_until=None, affordable=None)
_SET_AFFORDABLE = _ONE.values(affordable=bindparam("most"))
_PAUSE = _ONE.where(
    or_(accounts_table.c.blocked_until.is_(None), accounts_table.c.blocked_until < bindparam("until"))
).values(blocked_until=bindparam("until"))
_END_BLOCKS = (
    update(accounts_table)
    .where(accounts_table.c.blocked_reason.is_not(None))
    .values(blocked_reason=None, blocked_until=None, affordable=None)
)
_LOWER_HOURLY_POSTS = _ONE.values(hourly_posts=bindparam("posts"), hourly_posts_until=bindparam("until"))
_NOTE_CREDITS = _ONE.values(credits_remaining=bindparam("remaining"), credits_seen_at=bindparam("now"))
_SET_HOURLY_POSTS = (
    update(accounts_table).where(accounts_table.c.hourly_posts_until.is_(None)).values(hourly_posts=bindparam("posts"))
)
_FORGET_LOWERED = (
    update(accounts_table)
    .where(accounts_table.c.hourly_posts_until <= bindparam("now"))
    .values(hourly_posts=bindparam("posts"), hourly_posts_until=None)
)


def find(conn: Connection, account_id: int, *, lock: bool = False) -> Account:
    """Return the account; with `lock` its row is locked until the transaction ends."""
    query = _LOCK if lock else _SELECT_ONE
    return Account(*conn.execute(query, {"account_id": account_id}).one())


def of_guild(conn: Connection, guild_id: int) -> Account:
    """Return the account that pays for a guild: its own if it brought one, else the owner's."""
    return Account(*conn.execute(_FOR_GUILD, {"guild_id": guild_id}).one())


def lock_bound(conn: Connection, account_id: int) -> None:
    """Have decisions under a bound on the whole account follow one another, in whichever process they are made.

    Take it before any row is locked. It is a lock of its own, because other transactions lock a guild before the
    account's row. SQLite has one writer at a time anyway.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(_LOCK_BOUND, {"account_id": account_id})


def block(
    conn: Connection, account_id: int, reason: BlockedReason, until: float, *, affordable: int | None = None
) -> None:
    """Send nothing from this account before `until`, except jobs of up to `affordable` credits."""
    conn.execute(_BLOCK, {"key": account_id, "reason": reason, "until": until, "most": affordable})


def pause(conn: Connection, account_id: int, until: float) -> None:
    """Send nothing at all before `until`. A block that stands keeps its reason, and is not shortened."""
    conn.execute(_SET_AFFORDABLE, {"key": account_id, "most": None})
    conn.execute(_PAUSE, {"key": account_id, "until": until})


def unblock(conn: Connection, account_id: int) -> None:
    """Use the account again."""
    conn.execute(_UNBLOCK, {"key": account_id})


def set_affordable(conn: Connection, account_id: int, affordable: int) -> None:
    """Send jobs of up to so many credits while the account cannot pay for more."""
    conn.execute(_SET_AFFORDABLE, {"key": account_id, "most": max(0, affordable)})


def end_blocks(conn: Connection) -> None:
    """Try every account again, whatever it was blocked for. Pauses without a reason stand."""
    conn.execute(_END_BLOCKS)


def lower_hourly_posts(conn: Connection, account_id: int, hourly_posts: int, until: float) -> None:
    """Set a stricter limit that a 429 taught, until `until`."""
    conn.execute(_LOWER_HOURLY_POSTS, {"key": account_id, "posts": max(1, hourly_posts), "until": until})


def set_hourly_posts(conn: Connection, hourly_posts: int) -> None:
    """Set the limit of every account that has not learned a stricter one."""
    conn.execute(_SET_HOURLY_POSTS, {"posts": hourly_posts})


def forget_lowered_limits(conn: Connection, hourly_posts: int, now: float) -> None:
    """Set `hourly_posts` again where the time of a learned limit is over."""
    conn.execute(_FORGET_LOWERED, {"posts": hourly_posts, "now": now})


def note_credits(conn: Connection, account_id: int, remaining: int | None, now: float) -> None:
    """Keep the balance that the provider told. None, where it told none, changes nothing."""
    if remaining is not None:
        conn.execute(_NOTE_CREDITS, {"key": account_id, "remaining": remaining, "now": now})
