"""What people are shown of the ledger: its entries, page by page, and sums of them."""

from dataclasses import dataclass

from bot.domain.jobs import JobState
from bot.domain.ledger import Kind
from bot.domain.periods import Period
from bot.domain.quota import Limit


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which entries of a guild are meant; None does not narrow. `period` is what `parse_key` returns."""

    guild_id: int
    member_id: int | None = None
    job_id: str | None = None
    period: tuple[Period, str] | None = None
    every_entry: bool = False
    """Whether a hold and its end are two entries, as they were written, and not one line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger; `bot.storage.tables.money` explains the fields."""

    id: int
    created_at: float
    kind: Kind
    member_id: int | None
    job_id: str | None
    model_slug: str | None
    held_delta: int
    spent_delta: int
    charged_delta: int
    granted_delta: int
    overrun: int
    grant_id: int | None
    actor_id: int | None
    reason: str | None
    day_key: str


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job's hold and what became of it, as one line."""

    hold: Entry
    end: Entry | None
    """The capture or release; None while the hold stands."""
    state: JobState | None
    """Where the job stands; None if the job itself is not kept any more."""
    compared: bool = False
    """Whether the job is part of a comparison; False also where it is not kept any more."""

    @property
    def id(self) -> int:
        """The id of the hold's entry: the line keeps its place when the job ends."""
        return self.hold.id


Line = Entry | JobLine
"""What people read as one line: an entry, or a job's hold together with its end."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the entries of a filter add up to, in credits. Refunds are taken off what was spent."""

    spent: int = 0
    held: int = 0
    granted: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first, whether there are others on either side, and what all lines of the filter add up to."""

    lines: tuple[Line, ...]
    has_newer: bool
    has_older: bool
    sums: Sums


@dataclass(frozen=True, slots=True)
class Refundable:
    """A failed job for which the provider kept credits. `credits` are those that a moderator can still give back."""

    job_id: str
    member_id: int
    model_name: str
    prompt: str
    ended_at: float
    credits: int


@dataclass(frozen=True, slots=True)
class GuildUse:
    """A guild on the owner's account: credits held now, charged this month and ever, and its ceilings."""

    guild_id: int
    blocked_reason: str | None
    held: int
    charged_this_month: int
    charged_ever: int
    ceilings: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """The owner's account. `remaining` is what the provider last said, at `seen_at`; None: it never said."""

    remaining: int | None
    seen_at: float | None
    held: int
    charged_ever: int
    used_this_month: int
    """Held and charged in this month, in UTC and over all guilds."""
    guilds: int
    bound: int | None = None
    """The most that all guilds together may spend in a month; None: no bound."""
