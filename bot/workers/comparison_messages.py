"""The message of a comparison: what it tells, its files, and what is noted once it stands.

`bot.workers.delivery` takes it from the outbox, holds its lease, and tries it again, as it does with every message.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.domain.comparisons import CLIPS_VOTED_MIN, Clip, Comparison
from bot.domain.guild_log import LogKind
from bot.domain.jobs import Job, JobState
from bot.domain.postings import DIRECT, UNDELIVERABLE
from bot.domain.uploads import REQUEST_BYTES_MAX
from bot.engine import failpoints
from bot.engine.comparison_notifier import (
    ComparedClip,
    ComparisonClosing,
    ComparisonNotifier,
    compared_clip,
)
from bot.engine.context import EngineContext
from bot.engine.notifier import Delivered, Result, Unattached, UploadTooLarge
from bot.storage import age_restricted, comparison_cards, comparisons, guild_log, jobs, outbox, upload_limits
from bot.storage.outbox import Owed
from bot.workers.closing import HIDDEN
from bot.workers.result_files import UPLOAD_ATTEMPTS_MAX, ResultFiles, require_files


@dataclass(frozen=True, slots=True)
class Told:
    """A comparison with all that its message tells of."""

    comparison: Comparison
    clips: tuple[Clip, ...]
    """Those in the message, by their letters; those without a video last."""
    jobs: tuple[Job, ...]
    """Their jobs, in the same order."""
    cancelled_by: tuple[int | None, ...]
    """Who cancelled each of them."""
    restricted: frozenset[str]
    """The slugs of those models that are for age-restricted channels."""
    late: int
    """Jobs that have a message of their own, because they had not ended."""

    @property
    def is_called_back(self) -> bool:
        """Whether the member is mentioned in a message of its own: not if they cancelled all of it themselves."""
        return any(actor_id != self.comparison.member_id for actor_id in self.cancelled_by)


class ComparisonMessages:
    """Composes and posts them."""

    def __init__(self, context: EngineContext, notifier: ComparisonNotifier, files: ResultFiles) -> None:
        self._context = context
        self._notifier = notifier
        self._files = files

    async def post(self, owed: Owed, renew: Callable[[], Awaitable[None]]) -> Delivered:
        """Post the message, or find it where an earlier attempt got through.

        `renew` keeps the message for this worker; what it raises stops the post. Raises DownloadFailed, DeliveryLater
        and DeliveryImpossible.
        """
        told = await self._context.database.read(read_told, owed.comparison_id or "")
        comparison = told.comparison
        if owed.attempts > 1 and (found := await self._find(owed, comparison)) is not None:
            return found
        closing = closing_of(told, owed)
        if not closing.shown_clips:
            turned = None if told.is_called_back else await self._notifier.turn_card(closing)
            return turned or await self._upload(owed, closing, renew)
        closing = await self._for_channels(told, closing, owed)
        try:
            closing = replace(closing, clips=await self._fetch(told, closing, owed))
            failpoints.hit("delivery.after_download")
            return await self._upload(owed, closing, renew)
        finally:
            for job in told.jobs:
                await self._files.discard(job.id)

    async def _find(self, owed: Owed, comparison: Comparison) -> Delivered | None:
        for channel_id in {owed.channel_id, comparison.channel_id}:
            found = await self._notifier.find_posted(channel_id, comparison.id, owed.created_at)
            if found is not None:
                if found == (comparison.channel_id, comparison.status_message_id):
                    return Delivered(*found, "card")
                return Delivered(*found, "results" if channel_id != comparison.channel_id else "channel")
        return None

    async def _for_channels(self, told: Told, closing: ComparisonClosing, owed: Owed) -> ComparisonClosing:
        """Return the message with what it may show where it may be posted. A channel may have changed meanwhile."""
        if not told.restricted:
            return closing
        channel_ids = sorted({owed.channel_id, closing.channel_id})
        shown_in = frozenset([one for one in channel_ids if await self._notifier.is_age_restricted(one)])
        return replace(closing, clips=restricted_to(shown_in, told, closing.clips))

    async def _fetch(self, told: Told, closing: ComparisonClosing, owed: Owed) -> tuple[ComparedClip, ...]:
        clips = []
        for clip, job in zip(closing.clips, told.jobs, strict=True):
            results = clip.results
            if clip.letter and clip.shown_in == frozenset():
                results = HIDDEN
            elif clip.letter:
                results = await self._files.fetch(job)
                require_files(results, owed.failed_downloads)
            clips.append(replace(clip, results=results))
        return tuple(clips)

    async def _upload(self, owed: Owed, closing: ComparisonClosing, renew: Callable[[], Awaitable[None]]) -> Delivered:
        """Post the message with as many of its files as the channel takes."""
        database, now = self._context.database, self._context.clock
        for _ in range(UPLOAD_ATTEMPTS_MAX):
            limit = await database.read(upload_limits.of_guild, closing.guild_id, now())
            closing = replace(closing, clips=await self._fit(closing.clips, limit), upload_limit=limit)
            try:
                return await self._post_once(owed, closing, limit, renew)
            except UploadTooLarge as refused:
                await database.write(upload_limits.note_refused, closing.guild_id, refused.size_bytes, now())
        clips = tuple(replace(clip, results=tuple(map(_linked, clip.results))) for clip in closing.clips)
        return await self._post_once(owed, replace(closing, clips=clips, upload_limit=None), 0, renew)

    async def _fit(self, clips: Sequence[ComparedClip], limit: int) -> tuple[ComparedClip, ...]:
        """Make files smaller that are too large, also for all of them in one message."""
        paths = [result.path for clip in clips for result in clip.results if result.path is not None]
        sizes = [path.stat().st_size for path in paths]
        share = limit if sum(sizes) <= REQUEST_BYTES_MAX else min(limit, REQUEST_BYTES_MAX // len(sizes))
        fitted = []
        for clip in clips:
            results = await self._files.fit(clip.results, share)
            fitted.append(replace(clip, results=tuple(_within(result, limit) for result in results)))
        return tuple(fitted)

    async def _post_once(
        self, owed: Owed, closing: ComparisonClosing, limit: int, renew: Callable[[], Awaitable[None]]
    ) -> Delivered:
        await renew()
        if len(closing.shown_clips) >= CLIPS_VOTED_MIN:
            ends_at = self._context.clock() + self._context.timings.voting_seconds
            closing = replace(closing, voting_ends_at=ends_at)
            # Written first: the message may be seen, and voted on, before it is noted that it stands.
            await self._context.database.write(comparisons.open_voting, closing.comparison_id, ends_at)
        else:
            closing = replace(closing, names_shown=True)
        delivered = await self._notifier.post(closing, limit)
        failpoints.hit("delivery.after_post")
        return delivered


def read_told(conn: Connection, comparison_id: str) -> Told:
    """Return a comparison with all that its message tells of. Raises LookupError where there is no such comparison."""
    comparison = comparisons.find(conn, comparison_id)
    if comparison is None:
        raise LookupError(f"comparison {comparison_id} does not exist")
    clips = comparisons.clips_of(conn, comparison_id)
    known = {job.id: job for job in comparisons.jobs_of(conn, comparison_id)}
    told = sorted(
        (clip for clip in clips if clip.in_message and clip.job_id in known),
        key=lambda clip: (clip.label is None, clip.label, clip.position),
    )
    of_clips = tuple(known[clip.job_id or ""] for clip in told)
    return Told(
        comparison,
        tuple(told),
        of_clips,
        tuple(jobs.ended_by(conn, job.id) if job.state is JobState.CANCELLED else None for job in of_clips),
        age_restricted.models(conn) & {job.model_slug for job in of_clips},
        late=sum(not clip.in_message for clip in clips),
    )


def closing_of(told: Told, owed: Owed) -> ComparisonClosing:
    """Return what is owed, without files."""
    comparison = told.comparison
    return ComparisonClosing(
        comparison_id=comparison.id,
        guild_id=comparison.guild_id,
        channel_id=comparison.channel_id,
        member_id=comparison.member_id,
        clips=parts_of(told),
        late=told.late,
        status_message_id=comparison.status_message_id,
        owed_at=owed.created_at,
        results_channel_id=owed.channel_id if owed.channel_id != comparison.channel_id else None,
    )


def parts_of(told: Told) -> tuple[ComparedClip, ...]:
    """Return each model's part in the message, without files."""
    return tuple(
        replace(compared_clip(clip, job), cancelled_by=actor_id)
        for clip, job, actor_id in zip(told.clips, told.jobs, told.cancelled_by, strict=True)
    )


def restricted_to(shown_in: frozenset[int], told: Told, clips: Sequence[ComparedClip]) -> tuple[ComparedClip, ...]:
    """Return the clips, those of age-restricted models only to be shown in these channels."""
    return tuple(
        replace(clip, shown_in=shown_in) if job.model_slug in told.restricted else clip
        for clip, job in zip(clips, told.jobs, strict=True)
    )


def note_comparison(
    conn: Connection,
    comparison_id: str,
    lead_job_id: str,
    outcome: str,
    place: tuple[int | None, int | None],
    now: float,
) -> None:
    """Note, in the transaction that notes it of the lead, where the message stands: for all jobs that it tells of."""
    told = read_told(conn, comparison_id)
    others = [job.id for job in told.jobs if job.id != lead_job_id]
    channel_id, message_id = place
    outbox.done_with_lead(conn, comparison_id, others, outcome, now, channel_id=channel_id, message_id=message_id)
    for job_id in others:
        guild_log.add(conn, told.comparison.guild_id, LogKind.ENDED, {"job_id": job_id}, now)
    if outcome in (DIRECT, UNDELIVERABLE) or sum(bool(clip.letter) for clip in told.clips) < CLIPS_VOTED_MIN:
        comparisons.end_without_vote(conn, comparison_id, now)
    if outcome == "card":
        comparison_cards.forget(conn, comparison_id)
    else:
        comparison_cards.close(conn, comparison_id, now)


def _linked(result: Result) -> Result:
    return replace(result, problem=result.problem or Unattached.TOO_LARGE)


def _within(result: Result, limit: int) -> Result:
    """Return a file that could not be made small enough for its share: it may still go, if others leave it room."""
    if result.problem is Unattached.TOO_LARGE and result.size_bytes is not None and result.size_bytes <= limit:
        return replace(result, problem=None)
    return result
