"""Stands where the moderators' log channel would be."""

from dataclasses import dataclass, field

from bot.engine.incidents import IncidentCard


@dataclass
class RecordingCards:
    """Keeps what it is given. `trouble` makes the next calls fail; a channel in `closed` takes no cards."""

    posted: list[IncidentCard] = field(default_factory=list)
    channels: list[int] = field(default_factory=list)
    edited: list[IncidentCard] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    """The guilds whose owner was told that something waits."""
    unnoted: dict[int, int] = field(default_factory=dict)
    """Incident → its card, which was posted by a process that died before it could note it."""
    trouble: list[Exception] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)

    async def post(self, card: IncidentCard, channel_id: int) -> int | None:
        self._fail()
        if channel_id in self.closed:
            return None
        self.posted.append(card)
        self.channels.append(channel_id)
        return 9_000 + len(self.posted)

    async def find(self, card: IncidentCard) -> int | None:
        self._fail()
        return self.unnoted.get(card.incident.id)

    async def edit(self, card: IncidentCard) -> None:
        self._fail()
        self.edited.append(card)

    async def tell_owner(self, guild_id: int) -> None:
        self._fail()
        self.owners.append(guild_id)

    async def answer(self, card: IncidentCard, reporter_id: int) -> None:
        self._fail()
        self.answered.append(reporter_id)

    def _fail(self) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
