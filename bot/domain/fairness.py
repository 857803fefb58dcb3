"""Whose turn it is: start-time fair queueing between guilds and, inside a guild, between members.

Each flow (a guild; a member inside it) has a finish tag, the virtual time up to which it has been served. A flow
that waits starts at its finish tag or at the clock, whichever is later, so being idle earns no credit and a newcomer
is never behind a flooder's whole queue. The earliest start is served next, ties go to who has waited longest, and the
clock moves to the start that was served. The same rule picks the next job and computes everybody's place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Waiting:
    """A member's queued jobs in one guild: how many, and since when the oldest waits."""

    guild_id: int
    member_id: int
    count: int
    oldest_at: float


@dataclass(slots=True)
class GuildTag:
    """Up to where a guild was served, and the virtual time among its members."""

    finish: float = 0.0
    clock: float = 0.0


@dataclass(slots=True)
class Tags:
    """The state of fair sharing on one account."""

    clock: float = 0.0
    guilds: dict[int, GuildTag] = field(default_factory=dict)
    members: dict[tuple[int, int], float] = field(default_factory=dict)


def turns(waiting: Iterable[Waiting], tags: Tags) -> Iterator[Waiting]:
    """Yield whose oldest job goes next, turn after turn until the queue is empty.

    `tags` is advanced with each turn that is taken from the iterator: take one and store them to claim, or take many
    from a copy to foresee.
    """
    queues: dict[int, dict[int, Waiting]] = {}
    for group in waiting:
        queues.setdefault(group.guild_id, {})[group.member_id] = group
    while queues:
        guild_id, start = _first_guild(queues, tags)
        guild = tags.guilds.setdefault(guild_id, GuildTag())
        members = queues[guild_id]
        chosen, member_start = _first_member(members, guild, tags)
        tags.clock, guild.finish = start, start + 1
        guild.clock = member_start
        tags.members[guild_id, chosen.member_id] = member_start + 1
        if chosen.count > 1:
            members[chosen.member_id] = Waiting(guild_id, chosen.member_id, chosen.count - 1, chosen.oldest_at)
        else:
            del members[chosen.member_id]
            if not members:
                del queues[guild_id]
        yield chosen


def _first_guild(queues: dict[int, dict[int, Waiting]], tags: Tags) -> tuple[int, float]:
    def start(guild_id: int) -> float:
        known = tags.guilds.get(guild_id)
        return max(tags.clock, known.finish if known else 0.0)

    def rank(guild_id: int) -> tuple[float, float, int]:
        return start(guild_id), min(group.oldest_at for group in queues[guild_id].values()), guild_id

    chosen = min(queues, key=rank)
    return chosen, start(chosen)


def _first_member(members: dict[int, Waiting], guild: GuildTag, tags: Tags) -> tuple[Waiting, float]:
    def start(group: Waiting) -> float:
        return max(guild.clock, tags.members.get((group.guild_id, group.member_id), 0.0))

    chosen = min(members.values(), key=lambda group: (start(group), group.oldest_at, group.member_id))
    return chosen, start(chosen)
