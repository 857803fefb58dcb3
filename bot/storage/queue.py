"""The queue of one account: who waits, whose turn it is, and the log of POSTs that its hourly limit counts."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.domain.fairness import GuildTag, Tags, Waiting, turns
from bot.domain.jobs import Job, JobState
from bot.domain.pacing import WINDOW_SECONDS, next_slot
from bot.storage import accounts, jobs, switches
from bot.storage.switches import Switch
from bot.storage.tables import jobs as job_tables
from bot.storage.tables import provider as provider_tables

_jobs, _posts, _fair_tags = job_tables.jobs, provider_tables.posts, provider_tables.fair_tags

_waiting = (
    select(_jobs.c.guild_id, _jobs.c.member_id, func.count(), func.min(_jobs.c.created_at))
    .where(_jobs.c.account_id == bindparam("account_id"), _jobs.c.state == JobState.QUEUED.value)
    .group_by(_jobs.c.guild_id, _jobs.c.member_id)
)
_oldest = (
    select(_jobs.c.id)
    .where(
        _jobs.c.account_id == bindparam("account_id"),
        _jobs.c.state == JobState.QUEUED.value,
        _jobs.c.guild_id == bindparam("guild_id"),
        _jobs.c.member_id == bindparam("member_id"),
    )
    .order_by(_jobs.c.created_at, _jobs.c.id)
    .limit(1)
)
_log = (
    select(_posts.c.at)
    .where(_posts.c.account_id == bindparam("account_id"), _posts.c.at > bindparam("since"))
    .order_by(_posts.c.at)
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A job whose POST may leave now, or None and the moment at which to look again (None: nothing waits)."""

    job: Job | None
    look_again_at: float | None


def waiting(conn: Connection, account_id: int) -> list[Waiting]:
    """Who waits on an account, by guild and member. Where a switch says paused, jobs keep their place but no turn."""
    paused = switches.guilds_with(conn, Switch.PAUSED)
    if switches.WHOLE_BOT in paused:
        return []
    groups = [Waiting(*row) for row in conn.execute(_waiting, {"account_id": account_id})]
    return [group for group in groups if group.guild_id not in paused]


def post_log(conn: Connection, account_id: int, now: float) -> list[float]:
    """The moments of the account's POSTs that still count, ascending."""
    return list(conn.execute(_log, {"account_id": account_id, "since": now - WINDOW_SECONDS}).scalars())


def tags(conn: Connection, account: accounts.Account) -> Tags:
    """The state of fair sharing on an account. Flows that the clock has passed count as new and are not loaded."""
    loaded = Tags(clock=account.clock)
    rows = conn.execute(select(_fair_tags).where(_fair_tags.c.account_id == account.id)).all()
    for row in rows:
        if row.member_id == 0:
            loaded.guilds[row.guild_id] = GuildTag(row.finish, row.clock)
        else:
            loaded.members[row.guild_id, row.member_id] = row.finish
    return loaded


def claim(conn: Connection, account_id: int, owner: str, lease_seconds: float, now: float) -> Claim:
    """Take the job whose turn it is, if a POST may leave now: it is `submitting` and its POST is in the log afterwards.

    The account's row is locked first, so that any number of processes share one budget.
    """
    account = accounts.find(conn, account_id, lock=True)
    queue = waiting(conn, account_id)
    if not queue:
        return Claim(None, None)
    slot = max(next_slot(post_log(conn, account_id, now), account.hourly_posts, now), account.blocked_until or now)
    if slot > now:
        return Claim(None, slot)
    state = tags(conn, account)
    turn = next(turns(queue, state))
    key = {"account_id": account_id, "guild_id": turn.guild_id, "member_id": turn.member_id}
    job_id = str(conn.execute(_oldest, key).scalar_one())
    jobs.transition(
        conn, job_id, JobState.QUEUED, JobState.SUBMITTING, "being sent", now, attempt_at=now,
        attempts=_jobs.c.attempts + 1, due_at=now + lease_seconds,
    )  # fmt: skip
    conn.execute(update(_jobs).where(_jobs.c.id == job_id).values(lease_owner=owner, lease_until=now + lease_seconds))
    conn.execute(_posts.insert().values(account_id=account_id, job_id=job_id, at=now))
    _store_turn(conn, account_id, turn, state)
    return Claim(jobs.find(conn, job_id), now)


def _store_turn(conn: Connection, account_id: int, turn: Waiting, state: Tags) -> None:
    changed = update(provider_tables.accounts).where(provider_tables.accounts.c.id == account_id)
    conn.execute(changed.values(clock=state.clock))
    guild = state.guilds[turn.guild_id]
    member_finish = state.members[turn.guild_id, turn.member_id]
    insert = jobs.upsert(conn)(_fair_tags)
    insert = insert.on_conflict_do_update(
        index_elements=[_fair_tags.c.account_id, _fair_tags.c.guild_id, _fair_tags.c.member_id],
        set_={"finish": insert.excluded.finish, "clock": insert.excluded.clock},
    )
    key = {"account_id": account_id, "guild_id": turn.guild_id}
    conn.execute(insert, [
        {**key, "member_id": 0, "finish": guild.finish, "clock": guild.clock},
        {**key, "member_id": turn.member_id, "finish": member_finish, "clock": 0.0},
    ])  # fmt: skip


def unlog_post(conn: Connection, account_id: int, job_id: str, at: float) -> None:
    """Give a slot back: the POST is known never to have reached the provider."""
    own = (_posts.c.account_id == account_id, _posts.c.job_id == job_id, _posts.c.at == at)
    conn.execute(delete(_posts).where(*own))


def forget(conn: Connection, now: float) -> None:
    """Drop what no decision needs any more: POSTs out of the window, and tags that the clocks have passed."""
    conn.execute(delete(_posts).where(_posts.c.at <= now - 2 * WINDOW_SECONDS))
    clock = select(provider_tables.accounts.c.clock).where(provider_tables.accounts.c.id == _fair_tags.c.account_id)
    idle_guilds = _fair_tags.alias()
    passed = select(idle_guilds.c.guild_id).where(
        idle_guilds.c.account_id == _fair_tags.c.account_id,
        idle_guilds.c.member_id == 0,
        idle_guilds.c.finish <= clock.correlate(_fair_tags).scalar_subquery(),
    )
    conn.execute(delete(_fair_tags).where(_fair_tags.c.guild_id.in_(passed.correlate(_fair_tags).scalar_subquery())))
