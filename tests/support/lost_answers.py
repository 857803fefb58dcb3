"""Requests whose answers are lost at a scripted provider."""

from typing import Any

from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio import errors
from tests.support.bench import Bench
from tests.support.scripted_provider import Row, ScriptedProvider


def scripted(engine: Bench) -> ScriptedProvider:
    """Put a scripted provider in the place of the sandbox."""
    provider = ScriptedProvider(engine.context.clock)
    engine.context.providers = {OWNER_ACCOUNT: provider}
    return provider


async def two_earlier(engine: Bench) -> None:
    """Have two renders made that went well."""
    for number in range(2):
        await engine.ask(f"an earlier one & {number}")
        await engine.submit()
        engine.studio.advance(400)


async def run(engine: Bench, seconds: float, step: float = 20.0) -> None:
    """Take a step of every loop again and again."""
    passed = 0.0
    while passed < seconds:
        await engine.submit()
        await engine.reconciliation.step()
        await engine.poller.step()
        engine.studio.advance(step)
        passed += step


def lose(provider: ScriptedProvider, *, arrives: bool, times: int = 1, prompt: str | None = None) -> None:
    """Lose the next answers, or those to one prompt. `arrives` says whether the request was accepted before."""

    def generate(payload: Any) -> Row:
        nonlocal times
        if times == 0 or prompt not in (None, payload["prompt"]):
            return provider.accept(payload)
        times -= 1
        if arrives:
            provider.accept(payload)
        raise errors.Interrupted("the answer was lost")

    provider.on_generate = generate
