"""Members, moderators and owners: they ask, cancel, approve, limit, refund, pause, and decide what only they can."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.domain.capabilities import Capability
from bot.domain.jobs import Job, JobState
from bot.domain.periods import Period
from bot.domain.quota import Limit, Scope
from bot.domain.refusals import NotPossible
from bot.domain.request import GenerationRequest, complete
from bot.domain.switches import WHOLE_BOT, Switch
from bot.services.admission_request import AdmissionRequest
from bot.services.admission_result import Admitted
from bot.services.operations import Resolution
from bot.studio.reading.catalogue import read_catalogue
from sandbox.simulator.dials import Dials
from sandbox.simulator.process import Process
from sandbox.simulator.provider import CATALOGUE, FORBIDDEN_WORD, POISON, SimulatedProvider
from sandbox.simulator.story import Story, Violation

GUILDS, MEMBERS = (1, 2), (11, 12, 13)
MODERATOR, OWNER = 91, 99
APPROVAL_CHANNEL = 500
CAPABILITIES = read_catalogue(CATALOGUE).models
LONG_PROMPT = "A very long prompt about nothing in particular, told again and again. " * 20


@dataclass
class People:
    """Everybody on Discord. What they press reaches a process that lives."""

    dials: Dials
    chance: random.Random
    story: Story
    provider: SimulatedProvider
    jobs: list[Job] = field(default_factory=list)
    """Every job that somebody was told is accepted."""
    sent_again: dict[str, int] = field(default_factory=dict)
    """Job id → how often an owner had it sent again."""
    decided: set[str] = field(default_factory=set)
    """Jobs that an owner looked up at the provider's own pages and decided."""
    looked_for: set[str] = field(default_factory=set)
    """Jobs that an owner found at the provider."""
    corrected: dict[str, int] = field(default_factory=dict)
    """Job id → the charge that an owner set in its ledger afterwards."""
    switched: set[tuple[int, Switch]] = field(default_factory=set)
    """Guilds, or WHOLE_BOT, and what somebody may have paused there."""
    requests: list[AdmissionRequest] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))

    async def prepare(self, process: Process) -> None:
        """Set what the dials say of the guilds."""
        for guild in GUILDS:
            if self.dials.ceiling is not None:
                await process.credits.set_ceiling(guild, OWNER, Period.MONTH, self.dials.ceiling)
            if self.dials.approvals:
                rules = {"approval_above": 90, "approval_channel_id": APPROVAL_CHANNEL}
                await process.credits.change_rules(guild, MODERATOR, **rules)

    def request(self) -> AdmissionRequest:
        """Make up a request, or repeat one that Discord delivers a second time."""
        chance = self.chance
        if self.requests and chance.random() < 0.1:
            return chance.choice(self.requests)
        number = next(self.numbers)
        prompt = chance.choice(
            (
                "a red fox", "a red fox", f"scene {number}", f"scene {number}", f"<b>{number}</b> & \"more\"",
                f"{LONG_PROMPT}{number}", f"  two  blanks {number}", f"nul \x00 {number}", f"{POISON} {number}",
                f"{FORBIDDEN_WORD} {number}",
            )
        )  # fmt: skip
        return self._asking(number, chance.choice(CAPABILITIES), prompt)

    def _asking(self, number: int, capability: Capability, prompt: str) -> AdmissionRequest:
        chance = self.chance
        values: dict[str, Any] = {"prompt": prompt}
        if len(capability.aspect_ratios) > 1:
            values["aspect_ratio"] = chance.choice(capability.aspect_ratios)
        asked = AdmissionRequest(
            interaction_id=1000 + number,
            guild_id=chance.choice(GUILDS),
            channel_id=chance.choice((201, 202)),
            member_id=chance.choice(MEMBERS),
            role_ids=(),
            capability=capability,
            request=complete(GenerationRequest(capability.slug, values), capability),
            confirmed_credits=10_000,
        )
        self.requests.append(asked)
        return asked

    async def ask_plainly(self, process: Process) -> None:
        """Have a member ask for something that nobody could have anything against."""
        number = next(self.numbers)
        await self._ask(process, self._asking(number, CAPABILITIES[0], f"a plain scene {number}"))

    async def ask(self, process: Process) -> None:
        """Have a member ask for a video."""
        await self._ask(process, self.request())

    async def _ask(self, process: Process, asked: AdmissionRequest) -> None:
        result = await process.admission.admit(asked)
        if not isinstance(result, Admitted):
            self.story.tell(f"member {asked.member_id}", f"is refused: {str(result)[:150]}")
            return
        if result.repeated:
            return
        job = result.job
        known = next((one for one in self.jobs if one.interaction_id == asked.interaction_id), None)
        if known is not None and known.id != job.id:
            raise Violation("one job a request", f"interaction {asked.interaction_id} has two jobs", job.id)
        self.jobs.append(job)
        self.story.tell(f"member {job.member_id}", f"has job {job.id} accepted: {job.model_slug} {job.prompt[:40]!r}")
        for allowance in result.quota_status.allowances:
            limit = allowance.limit.amount
            # Other limits can be lowered below what is held already, and grants go beyond them.
            if allowance.limit.scope is not Scope.CEILING or limit is None:
                continue
            if allowance.held + allowance.spent > limit:
                raise Violation("limits are kept", f"{allowance} is exceeded by an acceptance", job.id)

    async def cancel(self, process: Process) -> None:
        """Have a member cancel a job of theirs."""
        job = self.chance.choice(self.jobs)
        if await process.jobs.cancel(job.id, job.member_id):
            self.story.tell(f"member {job.member_id}", f"cancels job {job.id}")

    async def moderate(self, process: Process) -> None:
        """Have a moderator do one thing."""
        chance, guild = self.chance, self.chance.choice(GUILDS)
        try:
            match chance.randrange(7):
                case 0 | 5 | 6 if self.dials.approvals and self.jobs:
                    job = chance.choice(self.jobs)
                    approved = chance.random() < 0.8
                    await process.approvals.decide(job.id, approved=approved, actor_id=MODERATOR)
                    self.story.tell("moderator", f"{'approves' if approved else 'denies'} job {job.id}")
                case 1:
                    limit = Limit(Scope.DEFAULT, 0, Period.DAY, chance.choice((None, 0, 300, 2000)))
                    await process.credits.set_limit(guild, MODERATOR, limit)
                    self.story.tell("moderator", f"limits members of guild {guild} to {limit.amount} a day")
                case 2 if self.jobs:
                    job = chance.choice(self.jobs)
                    amount = chance.choice((None, 1, 50))
                    given = await process.credits.refund(job.guild_id, MODERATOR, job.id, amount, "sorry")
                    self.story.tell("moderator", f"refunds {given} credits of job {job.id}")
                case 3:
                    where, on = chance.choice((guild, WHOLE_BOT)), chance.random() < 0.3
                    switch = chance.choice(list(Switch))
                    self.switched.add((where, switch))
                    await process.operations.switch(where, switch, on, MODERATOR)
                case 4:
                    await process.credits.grant(guild, MODERATOR, chance.choice((None, 11)), 150, "gift", 30)
        except NotPossible:
            return

    async def erase(self, process: Process) -> None:
        """Have a member's data erased, here or everywhere."""
        chance = self.chance
        member, guild, deleting = chance.choice(MEMBERS), chance.choice((None, *GUILDS)), chance.random() < 0.5
        await process.privacy.erase(member, guild, delete_messages=deleting)
        self.story.tell(f"member {member}", f"has everything erased in guild {guild}")

    async def lift_limits(self, process: Process) -> None:
        """Let members ask for whatever they like."""
        for guild in GUILDS:
            await process.credits.set_ceiling(guild, OWNER, Period.MONTH, None)
            await process.credits.set_limit(guild, MODERATOR, Limit(Scope.DEFAULT, 0, Period.DAY, None))

    async def approve_all(self, process: Process, awaiting: Collection[str]) -> None:
        """Approve these jobs, and end every pause."""
        for where, switch in sorted(self.switched):
            await process.operations.switch(where, switch, False, OWNER)
        self.switched.clear()
        for job_id in awaiting:
            if await process.jobs.get(job_id) is None:
                raise Violation("nothing accepted is lost", f"job {job_id} is not found", job_id)
            try:
                await process.approvals.decide(job_id, approved=True, actor_id=MODERATOR)
            except NotPossible:
                continue

    async def decide_cases(self, process: Process) -> None:
        """Have the owner look at the provider's own pages and decide every open case by what they show."""
        owned = {render.remote_id for render in self.provider.renders if render.job_id is None}
        for case in await process.operations.unresolved():
            job = case.job
            renders = [one for one in self.provider.of_job(job.id) if one.remote_id not in owned]
            await self._decide(process, job, [one.remote_id for one in renders])

    async def _decide(self, process: Process, job: Job, remote_ids: list[str]) -> None:
        verdicts: list[tuple[Resolution, list[str]]] = [(Resolution.PAID, [])]
        # What was looked for or sent again before, and is a case once more, is given up.
        if job.id not in self.looked_for and job.id not in self.sent_again:
            first = (Resolution.FOUND, remote_ids) if remote_ids else (Resolution.NOT_SENT, [])
            verdicts = [first, (Resolution.FOUND, []), *verdicts]
        for verdict, named in verdicts:
            try:
                await process.operations.resolve(job.id, verdict, OWNER, *named)
            except NotPossible:
                continue
            self.decided.add(job.id)
            self.story.tell("owner", f"decides job {job.id}: {verdict} {' '.join(named)}")
            if verdict is Resolution.NOT_SENT:
                self.sent_again[job.id] = self.sent_again.get(job.id, 0) + 1
            elif verdict is Resolution.FOUND:
                self.looked_for.add(job.id)
            else:
                await self._correct(process, job)
            return
        now = await process.jobs.get(job.id)
        if now is not None and now.job.state is JobState.UNRESOLVED:
            raise Violation("owners can decide", f"no decision about job {job.id} is taken", job.id)

    async def _correct(self, process: Process, job: Job) -> None:
        """Have the owner set the charge of a job that was given up to what the provider's books say."""
        truly = sum(render.net(process.time()) for render in self.provider.of_job(job.id))
        try:
            await process.credits.correct(job.guild_id, OWNER, job.id, truly, "as the provider's books say")
        except NotPossible:
            return
        self.corrected[job.id] = truly
        self.story.tell("owner", f"corrects the charge of job {job.id} to {truly}")
