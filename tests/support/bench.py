"""The engine on a bench: real database, real provider sandbox over sockets, one shared clock that tests move forward.

Loops do not run here: a test takes their steps itself, so that it sees every state in between.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select

from bot.domain.capabilities import Catalogue
from bot.domain.jobs import ACTIVE, Job, JobState
from bot.domain.problems import OptionValue
from bot.domain.quota import CREDITS_MAX, GuildDefaults
from bot.domain.request import GenerationRequest, complete
from bot.engine.comparison_notifier import ComparisonCard, ComparisonClosing
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.notifier import Closing, Delivered, StatusCard
from bot.engine.timings import EngineTimings
from bot.media.download import LIMITS, DownloadLimits, Downloads
from bot.media.fitting import Fitter
from bot.services.admission import Admission
from bot.services.admission_request import AdmissionRequest, ComparisonRequest
from bot.services.admission_result import Admitted, ComparisonAdmitted
from bot.services.jobs import JobsService
from bot.storage import jobs
from bot.storage.database import Database
from bot.storage.tables.jobs import jobs_table, outbox_table
from bot.storage.tables.money import ledger_entries_table
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio.client import StudioClient
from bot.studio.reading.catalogue import read_catalogue
from bot.workers.cards import Cards
from bot.workers.comparison_cards import ComparisonCards
from bot.workers.comparison_messages import ComparisonMessages
from bot.workers.comparisons import Comparisons
from bot.workers.delivery import Delivery
from bot.workers.poller import Poller
from bot.workers.reconciliation import Reconciliation
from bot.workers.result_files import ResultFiles
from bot.workers.submitter import Submitter
from sandbox.studio import StudioSandbox
from tests.support.input_files import ScriptedFiles

GUILD, CHANNEL, MEMBER = 1001, 2001, 3001
ENOUGH = 100_000
_interactions = count(9_000_001)


@dataclass
class RecordingNotifier:
    """Stands where Discord would: keeps what it is given. Set `trouble` to have the next closings fail."""

    cards: list[StatusCard] = field(default_factory=list)
    closings: list[tuple[Closing, list[bytes]]] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    posted: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    """Job id → the message of an answer that got through without being noted."""
    removed: list[str] = field(default_factory=list)
    """The jobs whose cards were removed."""
    age_restricted: set[int] = field(default_factory=set)
    """Channels that are age-restricted."""
    lose_answers: int = 0
    lose_cards: int = 0
    _ids: Any = field(default_factory=lambda: count(500))

    async def show_status(self, card: StatusCard) -> int | None:
        self.cards.append(card)
        if card.state not in ACTIVE:
            self.answers.pop(card.job_id, None)  # the card of an ended job has no buttons, so it is not found any more
        if self.lose_cards:
            self.lose_cards -= 1
            raise ConnectionResetError("the answer was lost")
        return card.message_id or next(self._ids)

    async def find_card(self, card: StatusCard, since: float) -> int | None:
        return self.answers.get(card.job_id)

    async def remove_card(self, card: StatusCard) -> int | None:
        self.removed.append(card.job_id)
        return card.message_id if card.moved_to is not None else None

    async def turn_card(self, closing: Closing) -> Delivered | None:
        if closing.status_message_id is None:
            return None
        self.closings.append((closing, []))
        return Delivered(closing.channel_id, closing.status_message_id, "card")

    async def post_closing(self, closing: Closing, upload_limit: int) -> Delivered:
        if self.trouble:
            raise self.trouble.pop(0)
        files = [r.path.read_bytes() for r in closing.results if r.path is not None and r.problem is None]
        self.closings.append((closing, files))
        self.posted[closing.job_id] = next(self._ids)
        if self.lose_answers:
            self.lose_answers -= 1
            raise ConnectionResetError("the answer was lost")
        return Delivered(closing.channel_id, self.posted[closing.job_id], "channel")

    async def is_age_restricted(self, channel_id: int) -> bool:
        return channel_id in self.age_restricted

    async def find_posted(self, channel_id: int, job_id: str, since: float) -> tuple[int, int] | None:
        return (channel_id, self.posted[job_id]) if job_id in self.posted else None


@dataclass
class RecordingComparisons:
    """Stands where Discord would be for comparisons. It works as `RecordingNotifier` does."""

    cards: list[ComparisonCard] = field(default_factory=list)
    closings: list[tuple[ComparisonClosing, list[bytes]]] = field(default_factory=list)
    revealed: list[ComparisonClosing] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    posted: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    removed: list[ComparisonCard] = field(default_factory=list)
    age_restricted: set[int] = field(default_factory=set)
    lose_answers: int = 0
    lose_cards: int = 0
    _ids: Any = field(default_factory=lambda: count(700))

    async def show_card(self, card: ComparisonCard) -> int | None:
        self.cards.append(card)
        if not any(job.state in ACTIVE for job in card.jobs):
            self.answers.pop(card.comparison_id, None)
        if self.lose_cards:
            self.lose_cards -= 1
            raise ConnectionResetError("the answer was lost")
        return card.message_id or next(self._ids)

    async def find_card(self, card: ComparisonCard, since: float) -> int | None:
        return self.answers.get(card.comparison_id)

    async def remove_card(self, card: ComparisonCard) -> int | None:
        self.removed.append(card)
        return card.message_id if card.moved_to is not None else None

    async def turn_card(self, closing: ComparisonClosing) -> Delivered | None:
        if closing.status_message_id is None:
            return None
        self.closings.append((closing, []))
        return Delivered(closing.channel_id, closing.status_message_id, "card")

    async def post(self, closing: ComparisonClosing, upload_limit: int) -> Delivered:
        if self.trouble:
            raise self.trouble.pop(0)
        results = [result for clip in closing.clips for result in clip.results]
        files = [result.path.read_bytes() for result in results if result.path is not None and result.problem is None]
        self.closings.append((closing, files))
        self.posted[closing.comparison_id] = next(self._ids)
        if self.lose_answers:
            self.lose_answers -= 1
            raise ConnectionResetError("the answer was lost")
        place = closing.results_channel_id or closing.channel_id
        how: Literal["results", "channel"] = "channel" if closing.results_channel_id is None else "results"
        return Delivered(place, self.posted[closing.comparison_id], how)

    async def find_posted(self, channel_id: int, comparison_id: str, since: float) -> tuple[int, int] | None:
        return (channel_id, self.posted[comparison_id]) if comparison_id in self.posted else None

    async def reveal(self, closing: ComparisonClosing, channel_id: int, message_id: int) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.revealed.append(closing)

    async def is_age_restricted(self, channel_id: int) -> bool:
        return channel_id in self.age_restricted


class RecordingFitter(Fitter):
    """Stands where the encoder would be: every video becomes the bytes `small`. `limits` has what was asked for.

    Clear `may_end` to have it work until that is set again; `began` tells when it is at work.
    """

    def __init__(self) -> None:
        super().__init__()
        self.available = False
        self.limits: list[int] = []
        self.began, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()

    async def fit(self, path: Path, limit_bytes: int) -> Path | None:
        self.limits.append(limit_bytes)
        self.began.set()
        await self.may_end.wait()
        path.write_bytes(b"small")
        return path


@dataclass
class Bench:
    """One engine with everything that it talks to."""

    database: Database
    studio: StudioSandbox
    context: EngineContext
    admission: Admission
    submitter: Submitter
    reconciliation: Reconciliation
    poller: Poller
    delivery: Delivery
    cards: Cards
    people: JobsService
    notifier: RecordingNotifier
    compared: RecordingComparisons
    comparisons: Comparisons
    comparison_cards: ComparisonCards
    files: ScriptedFiles
    fitter: RecordingFitter
    catalogue: Catalogue

    async def ask(
        self, prompt: str = "a lighthouse at dusk", *, model: str = "veo31_fast", ratio: str | None = None, **who: int
    ) -> Job:
        """Have a request admitted."""
        admitted = await self.admission.admit(self.request(prompt, model=model, ratio=ratio, **who))
        assert isinstance(admitted, Admitted), admitted
        return admitted.job

    async def compare(
        self, *models: str, prompt: str = "a lighthouse at dusk", member: int = MEMBER, channel: int = CHANNEL
    ) -> ComparisonAdmitted:
        """Have a comparison admitted."""
        number = next(_interactions)
        requests = tuple(
            self.request(prompt, model=model, interaction=number, member=member, channel=channel) for model in models
        )
        admitted = await self.admission.admit_comparison(ComparisonRequest(requests, CREDITS_MAX))
        assert isinstance(admitted, ComparisonAdmitted), admitted
        return admitted

    def request(
        self, prompt: str = "a lighthouse at dusk", *, model: str = "veo31_fast", guild: int = GUILD,
        channel: int = CHANNEL, member: int = MEMBER, interaction: int | None = None, ratio: str | None = None,
    ) -> AdmissionRequest:  # fmt: skip
        capability = self.catalogue.get(model)
        assert capability is not None
        key = next(_interactions) if interaction is None else interaction
        chosen: dict[str, OptionValue] = {"prompt": prompt}
        if ratio is not None:
            chosen["aspect_ratio"] = ratio
        request = complete(GenerationRequest(model, chosen), capability)
        return AdmissionRequest(key, guild, channel, member, (), capability, request, confirmed_credits=CREDITS_MAX)

    async def submit(self) -> None:
        """Send what may leave now, and wait for the answers."""
        await self.submitter.step()
        await self.submitter.drain()

    async def job(self, job_id: str) -> Job:
        job = await self.database.read(jobs.find, job_id)
        assert job is not None
        return job

    async def state(self, job: Job) -> JobState:
        return (await self.job(job.id)).state

    async def states(self, asked: Iterable[Job]) -> set[JobState]:
        """Return the states that jobs are in, read together."""
        query = select(jobs_table.c.state).where(jobs_table.c.id.in_([job.id for job in asked]))
        return set(await self.database.read(lambda conn: conn.execute(query).scalars().all()))

    async def poll_until_ended(self, job: Job) -> Job:
        """Let time pass and poll, as the loop would, until the job has ended."""
        for _ in range(200):
            await self.poller.step()
            now = await self.job(job.id)
            if now.ended_at is not None:
                return now
            self.studio.advance(15)
        raise AssertionError(f"job {job.id} did not end: {now}")

    async def finish(self, job: Job) -> Job:
        """Submit, poll, deliver."""
        await self.submit()
        ended = await self.poll_until_ended(job)
        await self.deliver()
        return ended

    async def settled(self, *prompts: str, guild: int = GUILD, channel: int = CHANNEL) -> list[Job]:
        """Have jobs made, one after the other, that have ended and are not delivered yet."""
        made = []
        for prompt in prompts or ("a job",):
            job = await self.ask(prompt, guild=guild, channel=channel)
            await self.submit()
            made.append(await self.poll_until_ended(job))
            self.studio.advance(1)
        return made

    async def deliver(self) -> None:
        """Post what is due, and wait for it."""
        await self.delivery.step()
        await self.delivery.drain()

    async def cut_off_deliveries(self) -> None:
        """Stop as a process does whose time to finish is over."""
        stopping = asyncio.create_task(self.delivery.drain())
        await asyncio.sleep(0)
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)

    async def deliver_until_done(self) -> None:
        """Let time pass and deliver, as the loop would, until nothing is owed."""
        for _ in range(200):
            await self.deliver()
            if not await self.undelivered():
                return
            self.studio.advance(60)
        raise AssertionError("not delivered")

    async def ledger(self, job: Job) -> list[tuple[str, int, int]]:
        """The job's entries: kind, change of what is held, change of what is spent."""
        table = ledger_entries_table.c
        query = select(table.kind, table.held_delta, table.spent_delta).where(table.job_id == job.id).order_by(table.id)
        return [tuple(row) for row in await self.database.read(lambda conn: conn.execute(query).all())]

    async def undelivered(self) -> int:
        query = select(outbox_table.c.job_id).where(outbox_table.c.done_at.is_(None))
        return len(await self.database.read(lambda conn: conn.execute(query).all()))


@asynccontextmanager
async def bench(
    database: Database,
    folder: Path,
    *,
    name: str = "one",
    limits: DownloadLimits = LIMITS,
    **studio_options: Any,
) -> AsyncIterator[Bench]:
    """An engine and a provider sandbox of its own, whose results are plain bytes unless `render` says otherwise."""
    async with AsyncExitStack() as stack:
        options = {
            "render": False,
            "payload_bytes": 4096,
            "job_seconds": (30.0, 30.0),
            "credits": ENOUGH,
            **studio_options,
        }
        studio = await stack.enter_async_context(StudioSandbox(**options))
        yield await engine(stack, database, folder, studio, name, limits)


async def engine(
    stack: AsyncExitStack,
    database: Database,
    folder: Path,
    studio: StudioSandbox,
    name: str,
    limits: DownloadLimits = LIMITS,
) -> Bench:
    """One more engine on the same database and provider: what another process would be."""
    client = StudioClient(studio.base_url, studio.api_key, studio.clock.now)
    stack.push_async_callback(client.close)
    context = EngineContext(
        database=database, clock=studio.clock.now, steady=studio.clock.now, timings=EngineTimings(),
        providers={OWNER_ACCOUNT: client}, worker_id=name,
        durations=ModelDurations(database),
    )  # fmt: skip
    notifier, fitter = RecordingNotifier(), RecordingFitter()
    downloads = await stack.enter_async_context(Downloads(folder / name, studio.base_url, limits))
    files, compared = ScriptedFiles(), RecordingComparisons()
    result_files = ResultFiles(context, downloads, fitter)
    submitter = Submitter(context, files)
    return Bench(
        database=database,
        studio=studio,
        context=context,
        admission=Admission(context, GuildDefaults(ENOUGH, None, None)),
        submitter=submitter,
        reconciliation=Reconciliation(context),
        poller=Poller(context),
        delivery=Delivery(context, notifier, result_files, ComparisonMessages(context, compared, result_files)),
        cards=Cards(context, notifier),
        people=JobsService(context),
        notifier=notifier,
        compared=compared,
        comparisons=Comparisons(context, compared),
        comparison_cards=ComparisonCards(context, compared),
        files=files,
        fitter=fitter,
        catalogue=read_catalogue(await client.models()),
    )
