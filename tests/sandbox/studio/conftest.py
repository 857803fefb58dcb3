"""A studio over real sockets whose jobs take a twentieth of a second and render nothing, and a client for it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from sandbox.studio import Job, StudioSandbox

GENERATE = "/api/v1/video-studio/generate/"
VEO = {"model_slug": "veo31_fast", "prompt": "a fox in the snow"}


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any


@dataclass
class Client:
    """Speaks to one studio as a holder of its key."""

    studio: StudioSandbox
    session: aiohttp.ClientSession

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        options.setdefault("headers", {"Authorization": f"Bearer {self.studio.api_key}"})
        async with self.session.request(method, self.studio.base_url + path, **options) as answer:
            return Answer(answer.status, await answer.json(), answer.headers)

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.call("GET", path, **options)

    async def post(self, path: str, body: Any, **options: Any) -> Answer:
        return await self.call("POST", path, json=body, **options)

    async def generate(self, **changes: Any) -> Answer:
        """POST generate for Veo 3.1 Fast, or with other fields."""
        return await self.post(GENERATE, {**VEO, **changes})

    async def status(self, job_id: str) -> Answer:
        return await self.get(f"/api/v1/video-studio/status/{job_id}/")

    async def finished(self, **changes: Any) -> Job:
        """Return the job of one generate, when it is over."""
        answer = await self.generate(**changes)
        assert answer.status == 200, answer.body
        job = self.studio.job(answer.body["job_ids"][0])
        await self.studio.wait_for(lambda _: job.over)
        return job


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client_of(session: aiohttp.ClientSession) -> Callable[[StudioSandbox], Client]:
    return lambda studio: Client(studio, session)


@pytest.fixture
def client(studio: StudioSandbox, client_of: Callable[[StudioSandbox], Client]) -> Client:
    return client_of(studio)
