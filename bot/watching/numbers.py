"""The numbers of `/metrics`: what this process counted, its loops, and the state that the database knows.

All processes of a fleet tell the same of the database: take the maximum over them, not the sum.
"""

import logging
from collections.abc import Iterable, Iterator

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.domain.jobs import ENDED, JobState
from bot.engine.context import EngineContext
from bot.engine.runner import Runner
from bot.storage import state
from bot.storage.state import State

log = logging.getLogger(__name__)

READ_SECONDS = 10.0
"""Seconds for which the state of the database is told again: it may be asked for by many."""


class Numbers:
    """Write what Prometheus reads."""

    def __init__(self, context: EngineContext, runner: Runner) -> None:
        self._context = context
        self._runner = runner
        self._state: State | None = None
        self._read_at = 0.0

    async def text(self) -> bytes:
        """Return all numbers in Prometheus' text format. Where the database does not answer, they lack its state."""
        now = self._context.steady()
        if self._state is None or now - self._read_at > READ_SECONDS:
            try:
                self._state = await self._context.database.read(state.look, self._context.clock())
                self._read_at = now
            except Exception:
                log.warning("the state could not be read for /metrics", exc_info=True, extra={"action": "metrics"})
                self._state = None
        registry = CollectorRegistry()
        registry.register(_Told(self._families()))
        return generate_latest(self._context.metrics.registry) + generate_latest(registry)

    def _families(self) -> Iterator[Metric]:
        yield from _loops(self._runner)
        yield _gauge("reelmaker_database_answers", "Whether the database answered.", float(self._state is not None))
        if self._state is not None:
            yield from _of_state(self._state)


def metrics_route(numbers: Numbers) -> web.RouteDef:
    """Return the route of `/metrics`."""

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=await numbers.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return web.get("/metrics", metrics)


class _Told(Collector):
    """Families that were collected before."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        """Return them."""
        return self._families


def _loops(runner: Runner) -> Iterator[Metric]:
    now = runner.clock()
    failures = GaugeMetricFamily("reelmaker_loop_failures", "Failures in a row of a loop.", labels=["loop"])
    steps = GaugeMetricFamily("reelmaker_loop_step_seconds", "Seconds of the step under way.", labels=["loop"])
    for loop in runner.loops:
        failures.add_metric([loop.name], loop.failures)
        steps.add_metric([loop.name], 0 if loop.step_began_at is None else now - loop.step_began_at)
    yield failures
    yield steps


def _of_state(found: State) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("reelmaker_open_jobs", "Jobs that have not ended, by state.", labels=["state"])
    for job_state in JobState:
        if job_state not in ENDED:
            jobs.add_metric([job_state], found.open_jobs.get(job_state, 0))
    yield jobs
    ended = GaugeMetricFamily("reelmaker_ended_jobs_hour", "Jobs ended within an hour.", labels=["model", "outcome"])
    queued = GaugeMetricFamily(
        "reelmaker_queue_seconds_hour", "Their mean wait for a turn.", labels=["model", "outcome"]
    )
    rendered = GaugeMetricFamily("reelmaker_render_seconds_hour", "Their mean render.", labels=["model", "outcome"])
    for one in found.ended:
        labels = [one.model_slug, one.state]
        ended.add_metric(labels, one.count)
        if one.queue_seconds is not None:
            queued.add_metric(labels, one.queue_seconds)
        if one.render_seconds is not None:
            rendered.add_metric(labels, one.render_seconds)
    yield from (ended, queued, rendered)
    yield _gauge("reelmaker_oldest_queued_seconds", "Age of the oldest job in the queue.", found.oldest_queued_seconds)
    yield _gauge("reelmaker_undelivered", "Closing messages that are owed.", found.undelivered)
    yield _gauge("reelmaker_oldest_undelivered_seconds", "Age of the oldest.", found.oldest_undelivered_seconds)
    yield _gauge("reelmaker_credits_held", "Credits held for open jobs.", found.balance.held)
    yield _gauge(
        "reelmaker_credits_charged_total", "Credits that the provider charged, ever.", found.balance.charged_ever
    )
    if found.balance.remaining is not None:
        yield _gauge(
            "reelmaker_provider_credits", "Credits left at the provider when last told.", found.balance.remaining
        )
    left = max(0, found.hourly_posts - found.posts)
    yield _gauge("reelmaker_hourly_posts_left", "Requests that may still be sent in this hour.", left)
    blocked = GaugeMetricFamily("reelmaker_account_blocked", "Whether nothing is sent, and why.", labels=["reason"])
    blocked.add_metric([found.blocked or "none"], float(bool(found.blocked)))
    yield blocked


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)
