"""The simulated provider: it accepts, charges, renders, refuses and fails as its dials say, and remembers the truth."""

import json
import random
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from itertools import count
from typing import Any

from sandbox.simulator.clock import START, SimulatedClock
from sandbox.simulator.dials import Dials
from sandbox.simulator.renders import Render
from sandbox.simulator.shapes import history, told
from sandbox.simulator.story import Story

POSTS_PER_HOUR = 24
HOUR_SECONDS = 3605.0
"""Seconds in which no more POSTs may arrive than the provider allows in an hour, if all processes' clocks agree."""
FOLDED_SECONDS = 600.0
"""Age up to which an identical request is given the render that is under way."""
PRICES = {"veo31_fast": 100, "pro": 400, "animate": 60, "unpriced": 150}
CATALOGUE: Any = [
    {
        "slug": "veo31_fast", "name": "Veo 3.1 Fast", "engine": "Veo 3.1", "aspect_ratios": ["16:9", "9:16"],
        "durations": [8], "inputs": ["text", "image"], "audio": "native", "credits": {"base": 100},
    },
    {
        "slug": "pro", "name": "Pro", "engine": "Pro", "aspect_ratios": ["16:9"], "durations": [8],
        "inputs": ["text"], "credits": {"base": 400},
    },
    {
        "slug": "unpriced", "name": "Unpriced", "engine": "Unpriced", "durations": [8], "inputs": ["text"],
        "credits": "see the website",
    },
]  # fmt: skip
LOST = (408, 409, 425, 499)
"""HTTP statuses, besides 5xx, that leave open whether a render was started."""
POISON, FORBIDDEN_WORD = "breaks the server", "stopped by the firewall"
"""Prompts that always meet a 5xx, and a 403."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `lost` means that it never arrives; the connection breaks or nothing is heard."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    lost: bool = False

    def data(self) -> bytes:
        """Return the body's bytes."""
        return json.dumps(self.body).encode() if self.raw is None else self.raw


class SimulatedProvider:
    """The provider's servers and its books."""

    def __init__(self, clock: SimulatedClock, dials: Dials, chance: random.Random, story: Story) -> None:
        self.renders: list[Render] = []
        """Every render that was ever made, oldest first."""
        self.posts: deque[float] = deque()
        """True moments at which the bot's POSTs arrived in the last hour."""
        self.posts_in_an_hour_max = 0
        self.unclear: Counter[str] = Counter()
        """Job id → POSTs whose answer does not say what became of them."""
        self.balance = dials.balance
        self.refusing: int | None = None
        """The HTTP status with which the key is refused at the moment, 401 or 403."""
        self.rough, self.lossy = dials.rough, dials.lossy
        self._clock = clock
        self._dials = dials
        self._chance = chance
        self._story = story
        self._ids = count(1)

    def handle(self, method: str, path: str, body: Any, job_id: str | None) -> Reply:
        """Answer a request that arrives now. `job_id` is the bot's job behind a POST, which the provider cannot see."""
        reply = self._answer(method, path, body, job_id)
        if self._dials.time_told == "absent":
            return reply
        date = formatdate(self._clock.now + self._dials.provider_skew, usegmt=True)
        return replace(reply, headers={**reply.headers, "Date": date})

    def _answer(self, method: str, path: str, body: Any, job_id: str | None) -> Reply:
        if method == "POST":
            return self._generate(body, job_id)
        if self.refusing is not None:
            return self._refused_key(self.refusing)
        if self._strikes():
            return self._get_fault()
        if "/status/" in path:
            return self._status(path.rstrip("/").rpartition("/")[2])
        if "/history/" in path:
            return self._history()
        return Reply(body={"success": True, "models": CATALOGUE})

    def make(self, payload: Mapping[str, Any], job_id: str | None) -> Render:
        """Accept and charge one render."""
        dials, chance = self._dials, self._chance
        price = PRICES.get(str(payload.get("model_slug")), 100)
        charged = {"as priced": price, "higher": price + 37, "lower": max(1, price - 37)}[dials.charge]
        render = Render(
            remote_id=f"{next(self._ids):04d}{chance.getrandbits(48):012x}",
            job_id=job_id,
            payload=payload,
            created_at=self._clock.now,
            run_seconds=dials.run_seconds * chance.uniform(0.5, 2.0),
            charged=charged,
            fails=chance.random() < dials.failing,
            keeps=chance.random() < dials.kept,
        )
        self.renders.append(render)
        self.balance -= charged
        whose = f"for job {job_id}" if job_id else "for somebody else"
        self._story.tell("provider", f"accepts render {render.remote_id} {whose} and charges {charged}")
        return render

    def find(self, remote_id: str) -> Render | None:
        """Return a render by its id."""
        return next((render for render in self.renders if render.remote_id == remote_id), None)

    def of_job(self, job_id: str) -> list[Render]:
        """Return the renders that a job's requests started."""
        return [render for render in self.renders if render.job_id == job_id]

    def _generate(self, payload: Mapping[str, Any], job_id: str | None) -> Reply:
        now = self._clock.now
        self.posts.append(now)
        while self.posts[0] <= now - HOUR_SECONDS + 2 * self._dials.skew_max:
            self.posts.popleft()
        self.posts_in_an_hour_max = max(self.posts_in_an_hour_max, len(self.posts))
        reply = self._decide(payload, job_id)
        if job_id is not None and (reply.lost or reply.status >= 500 or reply.status in LOST):
            self.unclear[job_id] += 1
        said = "nothing is heard" if reply.lost else f"HTTP {reply.status} {reply.data()[:100]!r}"
        self._story.tell("provider", f"POST of job {job_id} (number {len(self.posts)} of the hour): {said}")
        return reply

    def _decide(self, payload: Mapping[str, Any], job_id: str | None) -> Reply:
        prompt = str(payload.get("prompt"))
        if self.refusing is not None:
            return self._refused_key(self.refusing)
        if len(self.posts) > POSTS_PER_HOUR:
            return Reply(429, {"success": False, "error": "Rate limit exceeded"}, {"Retry-After": "60"})
        if POISON in prompt:
            return Reply(500, raw=b"<html>Internal Server Error</html>")
        if FORBIDDEN_WORD in prompt:
            return Reply(403, raw=b"<html>Forbidden</html>")
        if self._strikes() and (refused := self._before_accepting()) is not None:
            return refused
        price = PRICES.get(str(payload.get("model_slug")), 100)
        if self.balance < price * self._dials.renders_per_post:
            return self._cannot_pay(price)
        renders = self._accept(payload, job_id)
        answer: dict[str, Any] = {
            "success": True,
            "job_ids": [one.remote_id for one in renders],
            "credits_remaining_total": self.balance,
        }
        if self._dials.many_ids and self._chance.random() < 0.2:
            answer["job_ids"] += ["x" * 5_000, "", None]
        if self._chance.random() < self.lossy:
            return self._after_accepting(answer)
        return Reply(body=answer)

    def _accept(self, payload: Mapping[str, Any], job_id: str | None) -> list[Render]:
        if self._dials.folds and job_id is not None:
            alike = [
                render
                for render in self.renders
                if render.job_id is not None
                and render.payload == payload
                and self._clock.now - render.created_at < FOLDED_SECONDS
                and not render.ended(self._clock.now)
            ]
            if alike:
                for render in alike:
                    render.also_for.append(job_id)
                self._story.tell("provider", f"gives job {job_id} the render under way {alike[0].remote_id}")
                return alike
        return [self.make(payload, job_id) for _ in range(self._dials.renders_per_post)]

    def _strikes(self) -> bool:
        return self._chance.random() < self.rough

    def _before_accepting(self) -> Reply | None:
        """Fail or refuse before anything was started; None for a fault that comes later."""
        no = {"success": False}
        waits = (None, "5", "60", "400", "1793700000", "1e12", "-5", "soon", "Wed, 21 Oct 2099 07:28:00 GMT")
        match self._chance.randrange(12):
            case 0:
                return Reply(lost=True)
            case 1:
                return Reply(500, {"detail": "Internal error"})
            case 2:
                return Reply(503, raw=b"")
            case 3:
                hint = self._chance.choice(waits)
                return Reply(429, no | {"error": "Too many requests"}, {"Retry-After": hint} if hint else {})
            case 4:
                return Reply(self._chance.choice((409, 425, 499, 408)), raw=b"")
            case 5:
                return Reply(400, no | {"error": "Invalid duration for this model"})
            case 6:
                return Reply(200, no | {"error": "The prompt was refused\x00"})
            case 7:
                return Reply(404, raw=b"<html>no such page</html>")
        return None

    def _after_accepting(self, answer: dict[str, Any]) -> Reply:
        """Lose or spoil the answer of an accepted request."""
        match self._chance.randrange(10):
            case 0 | 1 | 2:
                return Reply(lost=True)
            case 3:
                return Reply(502, raw=b"<html>Bad gateway</html>")
            case 4:
                return Reply(self._chance.choice((409, 425, 499)), raw=b"")
            case 5:
                return Reply(200, answer | {"success": False, "error": "The queue is slow"})
            case 6:
                return Reply(self._chance.choice((500, 400)), answer | {"success": False, "error": "Timeout"})
            case 7:
                return Reply(200, raw=json.dumps(answer).encode()[:25])
            case 8:
                return Reply(200, {"success": True})
        return Reply(200, raw=b"<html>One moment</html>")

    def _cannot_pay(self, price: int) -> Reply:
        numbers = {"credits_required": price * self._dials.renders_per_post, "credits_available": max(0, self.balance)}
        status = self._chance.choice((402, 400, 200))
        return Reply(status, {"success": False, "error": "Insufficient credits", **numbers})

    @staticmethod
    def _refused_key(status: int) -> Reply:
        words = {401: "Invalid API key", 403: "This endpoint is not available for this login"}[status]
        return Reply(status, {"success": False, "error": words})

    def _get_fault(self) -> Reply:
        match self._chance.randrange(6):
            case 0:
                return Reply(lost=True)
            case 1:
                return Reply(500, raw=b"")
            case 2:
                hint = self._chance.choice(("3", "1793700000", "nan"))
                return Reply(429, {"detail": "Request was throttled."}, {"Retry-After": hint})
            case 3:
                return Reply(200, raw=b"<html>One moment</html>")
            case 4:
                return Reply(200, {"success": False, "status": "failed", "error": "try again"})
        return Reply(404, raw=b"<html>no such page</html>")

    def _status(self, remote_id: str) -> Reply:
        render = self.find(remote_id)
        if render is None:
            return Reply(404, {"success": False, "error": "Job not found"})
        return Reply(body={"success": True, "job": told(render, self._dials, self._clock.now, in_history=False)})

    def _history_until(self) -> float:
        """Return the moment up to which the history shows renders."""
        now, lag = self._clock.now, self._dials.history_lag
        if not self._dials.history_stalls or lag == 0:
            return now - lag
        # It is up to date for as long as it then stands still.
        phase = (now - START) % (2 * lag)
        return now - max(0.0, phase - lag)

    def _history(self) -> Reply:
        now, dials = self._clock.now, self._dials
        shown = [render for render in self.renders if render.created_at <= self._history_until()]
        rows = [told(render, dials, now, in_history=True) for render in shown[: -dials.history_rows - 1 : -1]]
        return Reply(body=history(rows, dials))
