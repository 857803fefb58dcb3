"""Trouble at the provider and at Discord, drawn at random, of every kind that both sandboxes can make."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from sandbox.discord import DiscordSandbox
from sandbox.discord.faults import RestFault
from sandbox.studio import StudioSandbox
from sandbox.studio.faults import Fault as ProviderFault

LATENCY_SECONDS = 0.3
"""Shorter than the time after which an attempt's absence from the history counts, as with the real provider."""

PROVIDER = (
    ProviderFault("latency", times=None, probability=0.05, seconds=LATENCY_SECONDS),
    ProviderFault("error_before", times=None, probability=0.02, status=503),
    ProviderFault("error_after", times=None, probability=0.02, status=502),
    ProviderFault("cut_before", times=None, probability=0.02),
    ProviderFault("cut_after", times=None, probability=0.02),
    ProviderFault("rate_limited", times=None, probability=0.01, seconds=1),
    ProviderFault("garbage", times=None, probability=0.01, style="not_json"),
    ProviderFault("garbage", times=None, probability=0.01, style="truncated"),
    ProviderFault("garbage", times=None, probability=0.01, style="wrong_json"),
    ProviderFault("job_fails", times=None, probability=0.04, refunded=True),
    ProviderFault("job_fails", times=None, probability=0.03, refunded=False),
    ProviderFault("job_without_result", times=None, probability=0.02),
    ProviderFault("error_before", "status", times=None, probability=0.05, status=500),
    ProviderFault("garbage", "status", times=None, probability=0.03),
    ProviderFault("cut_before", "status", times=None, probability=0.03),
    ProviderFault("error_before", "history", times=None, probability=0.05, status=504),
    ProviderFault("garbage", "history", times=None, probability=0.03, style="truncated"),
    ProviderFault("latency", "history", times=None, probability=0.05, seconds=LATENCY_SECONDS),
    ProviderFault("error_before", "models", times=None, probability=0.2, status=503),
    ProviderFault("error_before", "media", times=None, probability=0.04, status=404),
    ProviderFault("download_cut", times=None, probability=0.04),
    ProviderFault("download_slow", times=None, probability=0.04, bytes_per_second=40_000),
)

POST_MESSAGE, EDIT_MESSAGE = ("POST", "/channels/*/messages"), ("PATCH", "/channels/*/messages/*")
READ_CHANNEL, ANSWER, FOLLOW_UP = ("GET", "/channels/*/messages*"), ("POST", "/interactions/*"), ("*", "/webhooks/*")
ROUTES = (POST_MESSAGE, POST_MESSAGE, EDIT_MESSAGE, READ_CHANNEL, ANSWER, FOLLOW_UP)
"""Posting counts double: it is what must not happen twice."""


class Weather:
    """`begin()` switches on the provider's trouble; `storm()` brings Discord's until it is cancelled."""

    def __init__(self, studio: StudioSandbox, discord: DiscordSandbox, chance: random.Random) -> None:
        self._studio = studio
        self._discord = discord
        self._chance = chance
        self._faults: list[tuple[str, RestFault, int]] = []
        self.at_discord: Counter[str] = Counter()

    def begin(self) -> None:
        for fault in PROVIDER:
            # Each run counts for itself how often it struck.
            self._studio.faults.add(ProviderFault(**{name: getattr(fault, name) for name in fault.__match_args__}))

    async def storm(self, every_seconds: float) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(0, 2 * every_seconds))
            self._strike()

    async def black_out_history(self, after_seconds: float, seconds: float) -> None:
        """No history for a while: answers that are lost now cannot be looked up, and end with the owner."""
        await asyncio.sleep(after_seconds)
        # Before the others, so that it is this one that strikes.
        blackout = ProviderFault("error_before", "history", times=None, status=503)
        self._studio.faults.add(blackout)
        self._studio.faults.active.insert(0, self._studio.faults.active.pop())
        await asyncio.sleep(seconds)
        self._studio.faults.active.remove(blackout)

    def clear(self) -> None:
        """Good weather from now on."""
        self._studio.faults.clear()
        self._discord.controls.clear_faults()

    def at_provider(self) -> dict[str, int]:
        """How often each kind of trouble struck, by route."""
        struck: Counter[str] = Counter()
        for fault in self._studio.faults.history:
            struck[f"{fault.kind} {fault.route}"] += fault.struck
        return {name: times for name, times in sorted(struck.items()) if times}

    def _strike(self) -> None:
        levers, chance = self._discord.controls, self._chance
        kind = chance.choice(
            ("5xx", "5xx", "429", "cut before", "cut after", "cut after", "slow", "drop", "invalidate", "move")
        )
        match kind:
            case "drop":
                levers.disconnect(resumable=True)
            case "invalidate":
                levers.disconnect(resumable=False)
            case "move":
                levers.ask_to_reconnect()
            case _:
                levers.add_fault(self._fault(kind, *chance.choice(ROUTES)))
        self.at_discord[kind] += 1

    def _fault(self, kind: str, method: str, path: str) -> RestFault:
        times = self._chance.randint(1, 3)
        match kind:
            case "5xx":
                return RestFault(method, path, times, status=self._chance.choice((500, 502, 503)))
            case "429":
                return RestFault(method, path, times, status=429, retry_after_seconds=0.3)
            case "slow":
                return RestFault(method, path, times, latency_seconds=LATENCY_SECONDS)
        return RestFault(method, path, times, cut=True, process=kind == "cut after")
