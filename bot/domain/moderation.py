"""What keeps a server in its moderators' hands: blocked members, and incidents that moderators are told of."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.json_value import JsonObject

REASON_MAX = 300
"""Characters of a reason that a person writes."""
ALL_GUILDS = 0
"""Stands for a guild's id on the owner's word list for all guilds."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The entry of a word list that stops a request, as it was typed."""

    entry: str
    owners: bool
    """Whether it is on the owner's list for all guilds."""


class Bar(StrEnum):
    """Why a member's request is not taken, whatever it costs."""

    BLOCKED = "blocked"
    """The member is blocked or paused in this server."""
    WORDS = "words"
    """A text of the request has something that a word list forbids."""
    AGE_RESTRICTED = "age_restricted"
    """The model is for age-restricted channels only, and this is none."""


class BlockKind(StrEnum):
    """What keeps a member from asking for videos."""

    BLOCK = "block"
    """A moderator's decision. What the member waits for is cancelled."""
    PAUSE = "pause"
    """The bot's own, after refusals for content, until moderators decide. What the member waits for goes on."""


@dataclass(frozen=True, slots=True)
class MemberBlock:
    """A member who may not ask for videos in a guild. Times are seconds since the epoch."""

    member_id: int
    kind: BlockKind
    reason: str
    """The moderator's words; empty for a pause."""
    ends_at: float | None
    """When it ends by itself; None: when somebody lifts it."""
    actor_id: int | None
    """The moderator; None for the bot itself."""
    created_at: float

    def stands(self, now: float) -> bool:
        """Tell whether it has not ended."""
        return self.ends_at is None or now < self.ends_at


class IncidentKind(StrEnum):
    """What moderators are told of. Each member names the keys of the incident's data."""

    GUARD = "guard"
    """A request was stopped by a word list: `entry`, `owners` (whether the list is the owner's), `model`, `text`."""
    REFUSALS = "refusals"
    """The provider refused a member's requests for their content, and the member is paused: `count`, `hours`,
    `ends_at`."""
    REPORT = "report"
    """A result was reported. The reasons are in the reports."""


class IncidentDecision(StrEnum):
    """How moderators ended an incident."""

    DELETED = "deleted"
    """The result was deleted for good."""
    BLOCKED = "blocked"
    """The member was blocked."""
    LIFTED = "lifted"
    """The member's pause was lifted."""
    DISMISSED = "dismissed"
    """Nothing was done."""


DECISIONS = {
    IncidentKind.GUARD: frozenset({IncidentDecision.BLOCKED, IncidentDecision.DISMISSED}),
    IncidentKind.REFUSALS: frozenset({IncidentDecision.LIFTED, IncidentDecision.BLOCKED}),
    IncidentKind.REPORT: frozenset({IncidentDecision.DELETED, IncidentDecision.DISMISSED}),
}
"""The decisions that each kind of incident can end with. A block leaves a report open: its result is still there."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that a guild's moderators are told of, and how they ended it."""

    id: int
    guild_id: int
    kind: IncidentKind
    member_id: int
    """The member whom it is about."""
    channel_id: int
    """Where it happened."""
    job_id: str | None
    data: JsonObject
    created_at: float
    decision: IncidentDecision | None
    """None while it is open."""
    actor_id: int | None
    """The moderator who decided."""
    card_channel_id: int | None
    """Where its card was posted; None: nowhere yet."""
    card_message_id: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """One member's report of a result."""

    reporter_id: int
    reason: str
    created_at: float
