"""Faults at the provider and at Discord, drawn at random, of every kind that both sandboxes can make."""

import asyncio
import random
from collections import Counter
from dataclasses import asdict

from sandbox.discord import DiscordSandbox
from sandbox.discord.faults import RestFault
from sandbox.studio import StudioFault, StudioSandbox

LATENCY_SECONDS = 0.3
"""Seconds; shorter than the time after which an attempt's absence from the history counts."""

PROVIDER = (
    StudioFault("latency", times=None, probability=0.05, seconds=LATENCY_SECONDS),
    StudioFault("error_before", times=None, probability=0.02, status=503),
    StudioFault("error_after", times=None, probability=0.02, status=502),
    StudioFault("cut_before", times=None, probability=0.02),
    StudioFault("cut_after", times=None, probability=0.02),
    StudioFault("rate_limited", times=None, probability=0.01, seconds=1),
    StudioFault("garbage", times=None, probability=0.01, style="not_json"),
    StudioFault("garbage", times=None, probability=0.01, style="truncated"),
    StudioFault("garbage", times=None, probability=0.01, style="wrong_json"),
    StudioFault("job_fails", times=None, probability=0.04, refunded=True),
    StudioFault("job_fails", times=None, probability=0.03, refunded=False),
    StudioFault("job_without_result", times=None, probability=0.02),
    StudioFault("error_before", "status", times=None, probability=0.05, status=500),
    StudioFault("garbage", "status", times=None, probability=0.03),
    StudioFault("cut_before", "status", times=None, probability=0.03),
    StudioFault("error_before", "history", times=None, probability=0.05, status=504),
    StudioFault("garbage", "history", times=None, probability=0.03, style="truncated"),
    StudioFault("latency", "history", times=None, probability=0.05, seconds=LATENCY_SECONDS),
    StudioFault("error_before", "models", times=None, probability=0.2, status=503),
    StudioFault("error_before", "media", times=None, probability=0.04, status=404),
    StudioFault("download_cut", times=None, probability=0.04),
    StudioFault("download_slow", times=None, probability=0.04, bytes_per_second=40_000),
)

POST_MESSAGE, EDIT_MESSAGE = ("POST", "/channels/*/messages"), ("PATCH", "/channels/*/messages/*")
READ_CHANNEL, ANSWER, FOLLOW_UP = ("GET", "/channels/*/messages*"), ("POST", "/interactions/*"), ("*", "/webhooks/*")
ROUTES = (POST_MESSAGE, POST_MESSAGE, EDIT_MESSAGE, READ_CHANNEL, ANSWER, FOLLOW_UP)
"""Routes of Discord that a fault can strike. Posting counts double: it is what must not happen twice."""


class RandomFaults:
    """Switches faults on and off at both sandboxes."""

    def __init__(self, studio: StudioSandbox, discord: DiscordSandbox, chance: random.Random) -> None:
        self._studio = studio
        self._discord = discord
        self._chance = chance
        self.at_discord: Counter[str] = Counter()

    def begin(self) -> None:
        """Switch on the provider's faults."""
        for fault in PROVIDER:
            # A copy, so that each run counts for itself how often it struck.
            self._studio.faults.add(**asdict(fault))

    async def strike_discord(self, every_seconds: float) -> None:
        """Switch on one fault of Discord after another until the task is cancelled; `every_seconds` on average."""
        while True:
            await asyncio.sleep(self._chance.uniform(0, 2 * every_seconds))
            self._strike()

    async def black_out_history(self, after_seconds: float, seconds: float) -> None:
        """Refuse the history for a while: answers that are lost then cannot be looked up, and end with the owner."""
        await asyncio.sleep(after_seconds)
        blackout = self._studio.faults.add("error_before", "history", times=None, status=503)
        # Before the others, so that it is this one that strikes.
        self._studio.faults.active.insert(0, self._studio.faults.active.pop())
        await asyncio.sleep(seconds)
        self._studio.faults.active.remove(blackout)

    def clear(self) -> None:
        """Switch off all faults."""
        self._studio.faults.clear()
        self._discord.controls.clear_faults()

    def at_provider(self) -> dict[str, int]:
        """Count how often each kind of fault struck, by route."""
        struck: Counter[str] = Counter()
        for fault in self._studio.faults.history:
            struck[f"{fault.kind} {fault.route}"] += fault.struck
        return {name: times for name, times in sorted(struck.items()) if times}

    def _strike(self) -> None:
        controls, chance = self._discord.controls, self._chance
        kind = chance.choice(
            ("5xx", "5xx", "429", "cut before", "cut after", "cut after", "slow", "drop", "invalidate", "move")
        )
        match kind:
            case "drop":
                controls.disconnect(resumable=True)
            case "invalidate":
                controls.disconnect(resumable=False)
            case "move":
                controls.ask_to_reconnect()
            case _:
                controls.add_fault(self._fault(kind, *chance.choice(ROUTES)))
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
