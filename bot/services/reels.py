"""Reels: made by members, filled with their clips, changed by their editors, and given to be rendered."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.json_value import JsonObject
from bot.domain.moderation import IncidentKind, Stop
from bot.domain.postings import DIRECT
from bot.domain.reel_edits import ReelEdit, words_of
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import (
    PARTS_MAX,
    REELS_OF_GUILD_MAX,
    REELS_OF_MEMBER_MAX,
    SOUND_BYTES_MAX,
    SOUNDS_OF_GUILD_BYTES_MAX,
    TITLE_MAX,
    Actor,
    why_not_add,
    written,
)
from bot.domain.reels import Reel
from bot.engine.context import EngineContext
from bot.services.reel_reading import found, require_editor, require_open, view_of
from bot.services.reel_views import Added, ReelLine, ReelView
from bot.storage import (
    age_restricted,
    incidents,
    job_lists,
    jobs,
    postings,
    reel_changes,
    reel_erasing,
    reel_parts,
    reel_renders,
    reels,
    renders,
)
from bot.storage.guilds import lock_if_known

VIDEOS_LOOKED_AT = 200
"""The newest jobs of a guild among which videos are offered."""

T = TypeVar("T")


class Reels:
    """Use cases of `/reel`, of its panel, and of *Add to reel*.

    Who moderates is told by whoever calls. Everything raises ReelRefused where it cannot be done.
    """

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def view(self, guild_id: int, reel_id: int) -> ReelView:
        """Return a reel of a guild with all that is in it."""
        return await self._context.database.read(view_of, guild_id, reel_id, self._context.clock())

    async def of_guild(self, guild_id: int) -> list[ReelLine]:
        """Return a guild's reels, those that were changed last first."""

        def read(conn: Connection) -> list[ReelLine]:
            listed = reels.of_guild(conn, guild_id, REELS_OF_GUILD_MAX)
            counts = reel_parts.counts(conn, [reel.id for reel in listed])
            return [ReelLine(reel, counts.get(reel.id, 0)) for reel in listed]

        return await self._context.database.read(read)

    async def open_for(self, guild_id: int, actor: Actor) -> list[Reel]:
        """Return the reels of a guild to which a member may add, those that were changed last first."""

        def read(conn: Connection) -> list[Reel]:
            named_for = reels.named_for(conn, guild_id, actor.id)
            listed = reels.of_guild(conn, guild_id, REELS_OF_GUILD_MAX)
            return [reel for reel in listed if not why_not_add(reel, {actor.id} if reel.id in named_for else (), actor)]

        return await self._context.database.read(read)

    async def thumbnails(self, part_ids: Sequence[int]) -> dict[int, bytes]:
        """Return the small pictures of clips, by the clip's id: JPEGs. Some may not be there yet."""
        return await self._context.database.read(reel_parts.thumbnails, part_ids)

    async def get(self, guild_id: int, reel_id: int) -> Reel:
        """Return a reel of a guild without its parts."""
        return found(await self._context.database.read(reels.find, reel_id), guild_id)

    async def create(
        self,
        guild_id: int,
        channel_id: int,
        actor: Actor,
        title: str,
        *,
        key: int,
        job_id: str | None = None,
        age_restricted_place: bool = False,
    ) -> Reel:
        """Make a reel; with `job_id`, one that begins with this job's video. `key` is the interaction's id."""
        title = written(title, TITLE_MAX)
        stop = await self._stop(guild_id, title)

        def write(conn: Connection) -> Reel | None:
            now = self._context.clock()
            if stop is not None:
                _tell_moderators(conn, stop, key, guild_id, actor.id, channel_id, title, now)
                return None
            lock_if_known(conn, guild_id)  # what is counted now must not change until the reel is written
            if reels.count(conn, guild_id, actor.id) >= REELS_OF_MEMBER_MAX:
                raise ReelRefused(ReelProblem.TOO_MANY_OF_MEMBER, maximum=REELS_OF_MEMBER_MAX)
            if reels.count(conn, guild_id) >= REELS_OF_GUILD_MAX:
                raise ReelRefused(ReelProblem.TOO_MANY_IN_GUILD, maximum=REELS_OF_GUILD_MAX)
            reel_id = reels.add(conn, guild_id, channel_id, actor.id, title, now)
            if job_id is not None:
                self._add(conn, guild_id, reel_id, job_id, actor, age_restricted_place)
            return found(reels.find(conn, reel_id), guild_id)

        return self._unless_stopped(await self._context.database.write(write))

    async def add(
        self, guild_id: int, reel_id: int, job_id: str, actor: Actor, *, age_restricted_place: bool = False
    ) -> Added:
        """Put all clips of a finished video at the end of a reel, without those that are in it."""
        added = await self._context.database.write(self._add, guild_id, reel_id, job_id, actor, age_restricted_place)
        self._context.wake_events.reels.set()
        return added

    async def require_room(self, guild_id: int, reel_id: int, actor: Actor) -> None:
        """Require that a member may add one clip to a reel."""
        await self._context.database.read(lambda conn: self._room(conn, guild_id, reel_id, actor))

    async def require_video(
        self, guild_id: int, job_id: str, actor: Actor, *, age_restricted_place: bool = False
    ) -> None:
        """Require that a job has a video that a member may put into a reel of the guild."""
        read = self._context.database.read
        await read(_require_video, guild_id, job_id, actor, age_restricted_place)

    async def videos(self, guild_id: int, channel_id: int, member_id: int) -> list[Job]:
        """Return the newest videos of a guild that stand in a channel or are a member's own."""

        def read(conn: Connection) -> list[Job]:
            recent = job_lists.recent(conn, guild_id, limit=VIDEOS_LOOKED_AT)
            made = [job for job in recent if job.state is JobState.SUCCEEDED]
            posted = postings.of_jobs(conn, [job.id for job in made])
            return [
                job
                for job in made
                if (posting := posted.get(job.id)) is not None
                and posting.deleted_at is None
                and (job.member_id == member_id or posting.channel_id == channel_id)
            ]

        return await self._context.database.read(read)

    async def editable(self, guild_id: int, reel_id: int, version: int, actor: Actor) -> ReelView:
        """Return a reel that a member may change, and that still has the version of the panel."""

        def read(conn: Connection) -> ReelView:
            view = view_of(conn, guild_id, reel_id, self._context.clock())
            require_editor(view.reel, version, actor)
            return view

        return await self._context.database.read(read)

    async def take_back(self, guild_id: int, reel_id: int, part_id: int, actor_id: int) -> Reel:
        """Take out of a reel what a member has just put into it: this clip, and those of the same video."""

        def write(conn: Connection) -> Reel:
            reel = found(reels.lock(conn, reel_id), guild_id)
            if not reel_parts.take_back(conn, reel_id, part_id, actor_id):
                raise ReelRefused(ReelProblem.NO_SUCH_PART)
            reels.change(conn, reel_id, self._context.clock())
            return reel

        return await self._context.database.write(write)

    async def edit(
        self, guild_id: int, reel_id: int, version: int | None, edit: ReelEdit, actor: Actor, *, key: int
    ) -> ReelView:
        """Change a reel, and return it as it is then.

        `version` is that of the panel on which an editor pressed: the reel must still have it. None: any. `key` is the
        interaction's id.
        """
        words = words_of(edit)
        stop = await self._stop(guild_id, words) if words else None

        def write(conn: Connection) -> ReelView | None:
            now = self._context.clock()
            reel = self._editable(conn, guild_id, reel_id, version, actor)
            if stop is not None:
                _tell_moderators(conn, stop, key, guild_id, actor.id, reel.channel_id, words, now)
                return None
            reel_changes.carry_out(conn, reel, edit, actor.id, now)
            return view_of(conn, guild_id, reel_id, self._context.clock())

        return self._unless_stopped(await self._context.database.write(write))

    async def set_background(self, guild_id: int, reel_id: int, name: str, content: bytes, actor: Actor) -> ReelView:
        """Put a sound behind a reel, in the place of another. Whoever calls has seen that it is a sound."""
        if len(content) > SOUND_BYTES_MAX:
            raise ReelRefused(ReelProblem.SOUND_TOO_LARGE, bytes=SOUND_BYTES_MAX)

        def write(conn: Connection) -> ReelView:
            lock_if_known(conn, guild_id)
            self._editable(conn, guild_id, reel_id, None, actor)
            if reels.sound_bytes(conn, guild_id, reel_id) + len(content) > SOUNDS_OF_GUILD_BYTES_MAX:
                raise ReelRefused(ReelProblem.NO_ROOM_FOR_SOUND, bytes=SOUNDS_OF_GUILD_BYTES_MAX)
            reels.set_sound(conn, reel_id, name[:100], content, actor.id)
            reels.change(conn, reel_id, self._context.clock())
            return view_of(conn, guild_id, reel_id, self._context.clock())

        return await self._context.database.write(write)

    async def delete(self, guild_id: int, reel_id: int, version: int, actor: Actor) -> Reel:
        """Drop a reel; its clips' videos and its films stay where they were posted. Returns the reel as it was."""

        def write(conn: Connection) -> Reel:
            reel = self._editable(conn, guild_id, reel_id, version, actor)
            if reel_renders.open_of(conn, reel_id) is not None:
                raise ReelRefused(ReelProblem.RENDERING)
            reel_erasing.drop(conn, reel_id)
            return reel

        return await self._context.database.write(write)

    async def set_panel(self, reel_id: int, channel_id: int | None, message_id: int | None) -> None:
        """Note where a reel's latest panel stands; None: nowhere."""
        await self._context.database.write(reels.set_panel, reel_id, channel_id, message_id)

    async def _stop(self, guild_id: int, words: str) -> Stop | None:
        return await self._context.guards.check(guild_id, [words])

    def _unless_stopped(self, done: T | None) -> T:
        if done is None:
            self._context.wake_events.incidents.set()
            raise ReelRefused(ReelProblem.STOPPED_WORDS)
        return done

    @staticmethod
    def _room(conn: Connection, guild_id: int, reel_id: int, actor: Actor) -> None:
        require_open(conn, found(reels.find(conn, reel_id), guild_id), actor)

    def _open_to(self, conn: Connection, guild_id: int, reel_id: int, actor: Actor) -> Reel:
        reel = found(reels.lock(conn, reel_id), guild_id)
        require_open(conn, reel, actor)
        return reel

    def _editable(self, conn: Connection, guild_id: int, reel_id: int, version: int | None, actor: Actor) -> Reel:
        reel = found(reels.lock(conn, reel_id), guild_id)
        require_editor(reel, version, actor)
        return reel

    def _add(
        self, conn: Connection, guild_id: int, reel_id: int, job_id: str, actor: Actor, age_restricted_place: bool
    ) -> Added:
        reel = self._open_to(conn, guild_id, reel_id, actor)
        _require_video(conn, guild_id, job_id, actor, age_restricted_place)
        of_job = renders.of_jobs(conn, [job_id]).get(job_id, [])
        files = max(1, sum(len(render.result_urls) for render in of_job))
        known = reel_parts.files_in(conn, reel_id, job_id)
        wanted = [position for position in range(files) if position not in known]
        if not wanted:
            raise ReelRefused(ReelProblem.ALREADY_IN)
        return self._put(conn, reel, job_id, wanted, actor)

    def _put(self, conn: Connection, reel: Reel, job_id: str, positions: Sequence[int], actor: Actor) -> Added:
        place = reel_parts.count(conn, reel.id)
        if place + len(positions) > PARTS_MAX:
            raise ReelRefused(ReelProblem.FULL, maximum=PARTS_MAX)
        now = self._context.clock()
        ids = [reel_parts.add_clip(conn, reel.id, job_id, position, actor.id, now) for position in positions]
        reels.note_addition(conn, reel.id, now)
        return Added(reel, tuple(ids), place)


def _require_video(conn: Connection, guild_id: int, job_id: str, actor: Actor, age_restricted_place: bool) -> None:
    job, posting = jobs.find(conn, job_id), postings.posting_of(conn, job_id)
    if job is None or job.guild_id != guild_id or job.erased_at is not None:
        raise ReelRefused(ReelProblem.NOT_A_VIDEO)
    if job.state is not JobState.SUCCEEDED or posting is None:
        raise ReelRefused(ReelProblem.NOT_A_VIDEO)
    if posting.outcome == DIRECT and actor.id != job.member_id:
        raise ReelRefused(ReelProblem.NOT_A_VIDEO)  # only its member got it, and nobody else may show it
    if posting.deleted_at is not None:
        raise ReelRefused(ReelProblem.VIDEO_DELETED)
    if not age_restricted_place and age_restricted.is_restricted(conn, job.id):
        raise ReelRefused(ReelProblem.VIDEO_AGE_RESTRICTED)


def _tell_moderators(
    conn: Connection, stop: Stop, key: int, guild_id: int, member_id: int, channel_id: int, words: str, now: float
) -> None:
    data: JsonObject = {"entry": stop.entry, "owners": stop.owners, "text": words}
    incidents.add(conn, f"guard:{key}", guild_id, IncidentKind.GUARD, member_id, channel_id, data, now)
