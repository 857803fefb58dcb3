"""Whose turn it is: start-time fair queueing between guilds and, inside a guild, between members.

Each flow (a guild; a member inside it) has a finish tag, the virtual time up to which it has been served. A flow
that waits starts at its finish tag or at the clock, whichever is later, so being idle earns no credit and a newcomer
is never behind a flooder's whole queue. The earliest start is served next, ties go to who has waited longest, and the
clock moves to the start that was served. The same rule picks the next job and computes everybody's place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush


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
    queues: dict[int, list[Waiting]] = {}
    for group in waiting:
        queues.setdefault(group.guild_id, []).append(group)
    # Heaps, for thousands of groups: a turn moves the clock to the smallest start, so it changes nobody else's start.
    guilds = [_rank_of_guild(guild_id, members, tags) for guild_id, members in queues.items()]
    heapify(guilds)
    inside: dict[int, list[tuple[float, float, int, Waiting]]] = {}
    while guilds:
        start, _, guild_id = heappop(guilds)
        guild = tags.guilds.setdefault(guild_id, GuildTag())
        if guild_id not in inside:
            inside[guild_id] = [_rank_of_member(group, guild, tags) for group in queues[guild_id]]
            heapify(inside[guild_id])
        member_start, _, _, chosen = heappop(inside[guild_id])
        tags.clock, guild.finish = start, start + 1
        guild.clock = member_start
        tags.members[guild_id, chosen.member_id] = member_start + 1
        if chosen.count > 1:
            rest = Waiting(guild_id, chosen.member_id, chosen.count - 1, chosen.oldest_at)
            heappush(inside[guild_id], _rank_of_member(rest, guild, tags))
        if inside[guild_id]:
            left = [group for *_, group in inside[guild_id]]
            heappush(guilds, _rank_of_guild(guild_id, left, tags))
        yield chosen


def _rank_of_guild(guild_id: int, members: Iterable[Waiting], tags: Tags) -> tuple[float, float, int]:
    known = tags.guilds.get(guild_id)
    start = max(tags.clock, known.finish if known else 0.0)
    return start, min(group.oldest_at for group in members), guild_id


def _rank_of_member(group: Waiting, guild: GuildTag, tags: Tags) -> tuple[float, float, int, Waiting]:
    start = max(guild.clock, tags.members.get((group.guild_id, group.member_id), 0.0))
    return start, group.oldest_at, group.member_id, group
