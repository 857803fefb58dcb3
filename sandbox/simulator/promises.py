"""What must hold after every step, whatever happened: checked against the provider's and Discord's own truth."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from bot.domain.jobs import ENDED, JobState
from bot.storage.ledger_check import disagreements
from bot.storage.tables.jobs import jobs_table, outbox_table, owner_cases_table, renders_table
from bot.storage.tables.money import ledger_entries_table
from bot.storage.tables.privacy import erasures_table
from bot.storage.tables.provider import accounts_table, owner_notices_table
from sandbox.simulator.clock import SimulatedClock
from sandbox.simulator.dials import Dials
from sandbox.simulator.discord import SimulatedDiscord
from sandbox.simulator.people import GUILDS, People
from sandbox.simulator.provider import POSTS_PER_HOUR, SimulatedProvider
from sandbox.simulator.story import Violation

UNCLEAR_MAX = 3
"""Attempts without a clear answer after which an owner must have decided about a job."""
BLOCKED_SECONDS_MAX = 3700.0
"""Longest time for which the account may be blocked: nobody is refused for longer because of one answer."""
_ENTRY = ledger_entries_table.c
_SUMS = (
    select(_ENTRY.job_id, func.sum(_ENTRY.held_delta), func.sum(_ENTRY.charged_delta))
    .where(_ENTRY.job_id.is_not(None))
    .group_by(_ENTRY.job_id)
)
_JOBS = select(
    jobs_table.c.id, jobs_table.c.state, jobs_table.c.held, jobs_table.c.charged, jobs_table.c.due_at,
    jobs_table.c.price_certain,
)  # fmt: skip
_OWNED = select(renders_table.c.remote_id, renders_table.c.job_id)
_OWED = select(outbox_table.c.job_id, outbox_table.c.done_at, outbox_table.c.outcome, outbox_table.c.due_at)
_CASES = select(owner_cases_table.c.job_id)
_NOTICES = select(owner_notices_table.c.kind, owner_notices_table.c.data)
_ERASURES = select(func.count()).select_from(erasures_table)
_BLOCKED = select(func.max(accounts_table.c.blocked_until))


@dataclass(frozen=True, slots=True)
class Books:
    """What the bot's database says, in one transaction."""

    jobs: dict[str, Any]
    """Job id → its row."""
    sums: dict[str, tuple[int, int]]
    """Job id → credits held and charged, as its ledger entries add up."""
    owned: dict[str, str]
    """Remote id → job id."""
    outbox: dict[str, Any]
    """Job id → what is owed or was delivered."""
    cases: frozenset[str]
    """Jobs that wait for an owner."""
    notices: tuple[tuple[str, str], ...]
    """Kind and data of every notice to the owners."""
    blocked_until: float | None
    erasures: int
    """How many are under way."""

    @property
    def all_over(self) -> bool:
        """Whether every job has ended, every closing message is delivered, and every erasure is done."""
        ended = all(job.state in ENDED for job in self.jobs.values())
        return ended and not self.erasures and all(owed.done_at is not None for owed in self.outbox.values())


TABLES = frozenset(
    ("jobs", "ledger_entries", "renders", "outbox", "owner_cases", "owner_notices", "accounts", "erasures")
)
"""Names of the tables that the books are read from."""


def read_books(conn: Connection, before: Books, written: Collection[str]) -> Books:
    """Read the books anew from the tables of these names; of the others they say what they said before."""
    read: dict[str, Any] = {}
    if "jobs" in written:
        read["jobs"] = {row.id: row for row in conn.execute(_JOBS)}
    if "ledger_entries" in written:
        read["sums"] = {job_id: (int(held), int(charged)) for job_id, held, charged in conn.execute(_SUMS)}
    if "renders" in written:
        read["owned"] = {row.remote_id: row.job_id for row in conn.execute(_OWNED)}
    if "outbox" in written:
        read["outbox"] = {row.job_id: row for row in conn.execute(_OWED)}
    if "owner_cases" in written:
        read["cases"] = frozenset(conn.execute(_CASES).scalars())
    if "owner_notices" in written:
        read["notices"] = tuple((kind, str(data)) for kind, data in conn.execute(_NOTICES))
    if "accounts" in written:
        read["blocked_until"] = conn.execute(_BLOCKED).scalar()
    if "erasures" in written:
        read["erasures"] = conn.execute(_ERASURES).scalar_one()
    return replace(before, **read)


class Promises:
    """Checks the books against the truth."""

    def __init__(
        self,
        clock: SimulatedClock,
        dials: Dials,
        provider: SimulatedProvider,
        discord: SimulatedDiscord,
        people: People,
    ) -> None:
        self._clock = clock
        self._dials = dials
        self._provider = provider
        self._discord = discord
        self._people = people
        self.hour_is_known = True
        """Whether the processes can know what was sent in the last hour."""

    def check(self, books: Books) -> None:
        """Raise Violation for the first promise that does not hold now."""
        self._paid_once()
        self._sent_rarely()
        self._posts_an_hour()
        self._told_once(books)
        self._nothing_lost(books)
        for job in books.jobs.values():
            self._money(books, job)
            self._explained(books, job)
        if not self._dials.clock_jumps and (books.blocked_until or 0) > self._clock.now + BLOCKED_SECONDS_MAX:
            late = books.blocked_until or 0
            raise Violation("nobody is refused for ever", f"the account is blocked for {late - self._clock.now:.0f} s")

    def check_end(self, books: Books) -> None:
        """Check what must hold once everything has been quiet for long."""
        self.check(books)
        told = Counter(one.job_id for one in self._discord.closings)
        for job in books.jobs.values():
            if job.state not in ENDED:
                raise Violation("everything ends", f"job {job.id} is {job.state}, due at {job.due_at}", job.id)
            if not told[job.id] and books.outbox[job.id].outcome != "undeliverable":
                raise Violation("everybody is told", f"job {job.id} has no closing message", job.id)
        if books.erasures:
            raise Violation("what is to be erased is erased", f"{books.erasures} erasures do not end")
        for render in self._provider.renders:
            if render.job_id is None or render.remote_id in books.owned or render.job_id in self._people.decided:
                continue
            if not self._reported(books, render):
                raise Violation("no charge is lost", f"render {render.remote_id} belongs to nobody", render.job_id)

    def check_counters(self, conn: Connection) -> None:
        """Check that all counters agree with the ledger; this reads much."""
        for guild in GUILDS:
            for problem in disagreements(conn, guild):
                raise Violation("counters equal the ledger", problem)

    def _paid_once(self) -> None:
        by_job: dict[str, set[float]] = {}
        for render in self._provider.renders:
            # A render that an equal request was given as well may serve that one instead.
            if render.job_id is not None and not render.also_for:
                # The renders of one POST are made at one moment.
                by_job.setdefault(render.job_id, set()).add(render.created_at)
        for job_id, moments in by_job.items():
            if len(moments) > 1 + self._people.sent_again.get(job_id, 0):
                raise Violation("nothing is paid twice", f"job {job_id} was accepted {len(moments)} times", job_id)

    def _sent_rarely(self) -> None:
        for job_id, times in self._provider.unclear.items():
            if times > UNCLEAR_MAX * (1 + self._people.sent_again.get(job_id, 0)):
                raise Violation("resending is bounded", f"job {job_id} got {times} unclear answers", job_id)

    def _posts_an_hour(self) -> None:
        most = self._provider.posts_in_an_hour_max
        if most > POSTS_PER_HOUR and self.hour_is_known:
            raise Violation("the hourly limit is kept", f"{most} POSTs arrived within an hour")

    def _told_once(self, books: Books) -> None:
        told = Counter((one.job_id, one.copy) for one in self._discord.closings)
        for (job_id, copy), times in told.items():
            if times > 1:
                raise Violation("one closing message a job", f"job {job_id} has {times} (copy {copy})", job_id)
            if job_id in books.jobs and books.jobs[job_id].state not in ENDED:
                raise Violation("one closing message a job", f"job {job_id} is told of before its end", job_id)

    def _nothing_lost(self, books: Books) -> None:
        for job in self._people.jobs:
            if job.id not in books.jobs:
                raise Violation("nothing accepted is lost", f"job {job.id} is gone", job.id)

    def _money(self, books: Books, job: Any) -> None:
        held, charged = books.sums.get(job.id, (0, 0))
        if job.state not in ENDED:
            if (held, charged) != (job.held, 0):
                raise Violation("holds are explained", f"{job.state} job {job.id} holds {held} of {job.held}", job.id)
            return
        wanted = self._people.corrected.get(job.id, job.charged or 0)
        if (held, charged) != (0, wanted):
            what = f"ended job {job.id} holds {held} and charged {charged}, not {wanted}"
            raise Violation("holds are explained", what, job.id)
        truth = self._truth(books, job)
        if truth is not None and charged != truth:
            raise Violation("the ledger is the provider's", f"job {job.id}: ledger {charged}, provider {truth}", job.id)

    def _truth(self, books: Books, job: Any) -> int | None:
        """Return what the provider took for an ended job's renders; None where it did not tell rightly."""
        own = [one for one in self._provider.renders if books.owned.get(one.remote_id) == job.id]
        if not own:
            return 0 if not self._provider.of_job(job.id) else None
        if not self._dials.charge_told or (not self._dials.refund_told and any(one.fails for one in own)):
            return None
        if any(not one.ended(self._clock.now) for one in own):
            return None
        return sum(one.net(self._clock.now) for one in own)

    def _explained(self, books: Books, job: Any) -> None:
        if job.state in ENDED and job.id not in books.outbox:
            raise Violation("everybody is told", f"ended job {job.id} has no message in the outbox", job.id)
        if job.state is JobState.UNRESOLVED and job.id not in books.cases:
            raise Violation("no job is stuck", f"unresolved job {job.id} is no owner's case", job.id)

    def _reported(self, books: Books, render: Any) -> bool:
        """Return whether the owners were told of a render that no job has, or were offered it."""
        said = [str(notice.data) for notice in self._discord.told] + [data for _, data in books.notices]
        return any(render.remote_id in data for data in said)
