"""The documented routes: generate, status, history, models. A path without its trailing slash does not exist."""

import json
from typing import Any

from aiohttp import web

from sandbox.studio.accounts import Account
from sandbox.studio.catalogue import ORIENTATION_SECONDS_MAX
from sandbox.studio.core import HISTORY_ROWS_DEFAULT, StudioCore
from sandbox.studio.jobs import Job
from sandbox.studio.middleware import EMPTY_ACCOUNT, POST_RECORD
from sandbox.studio.shapes import history_answer, model_json, models_answer
from sandbox.studio.validation import Order, RequestRefused, check

HISTORY_LIMIT_MAX = 100
"""Rows that one history page has at most."""
CLIP_SECONDS_MIN = 3
"""Seconds that a driving clip must last."""
CLIP_SECONDS_ASSUMED = 5
"""Seconds that a driving clip is taken to last if it lies outside loopback, where it is not looked at."""


def routes(studio: StudioCore) -> list[web.RouteDef]:
    """List the routes of one Video Studio."""

    async def generate(request: web.Request) -> web.Response:
        account = admit_post(studio, request)
        jobs = await start_jobs(studio, account, check(await json_body(request), studio.catalogue), request)
        return web.json_response(
            {
                "success": True,
                "job_ids": [job.job_id for job in jobs],
                "credits_remaining_total": account.credits,
            }
        )

    async def status(request: web.Request) -> web.Response:
        account = authenticate(studio, request)
        job = studio.job_manager.get(request.match_info["job_id"])
        if job is None or job.account is not account:
            raise RequestRefused(404, "Job not found")
        return web.json_response({"success": True, "job": job.to_json(studio.base_url)})

    async def history(request: web.Request) -> web.Response:
        account = authenticate(studio, request)
        limit, offset = page_of(request, studio.history_rows)
        newest = studio.clock.now() - studio.history_lag_seconds
        jobs = [job for job in studio.job_manager.of(account) if job.created_at <= newest]
        rows = [_history_row(studio, job) for job in jobs[offset : offset + limit]]
        return web.json_response(history_answer(rows, studio.history_shape, len(jobs), limit, offset))

    async def models(request: web.Request) -> web.Response:
        authenticate(studio, request)
        rows = [model_json(model) for model in studio.catalogue.values()]
        return web.json_response(models_answer(rows, studio.models_shape))

    return [
        web.post("/api/v1/video-studio/generate/", generate, name="generate"),
        web.get("/api/v1/video-studio/status/{job_id}/", status, name="status"),
        web.get("/api/v1/video-studio/history/", history, name="history"),
        web.get("/api/v1/models/video/", models, name="models"),
    ]


def authenticate(studio: StudioCore, request: web.Request) -> Account:
    """Return the account of a request's key. Raises RequestRefused."""
    return studio.accounts.authenticate(request.headers.get("Authorization"))


def admit_post(studio: StudioCore, request: web.Request) -> Account:
    """Return the account of a generate POST if the hourly limit allows the POST. Raises RequestRefused."""
    account = authenticate(studio, request)
    request[POST_RECORD].account = account.name
    wait = studio.rate_limit.take(account.name, studio.clock.now())
    if wait is not None:
        refused = RequestRefused(429, "Rate limit exceeded. Please try again later.")
        refused.headers["Retry-After"] = str(studio.clock.real_seconds(wait))
        raise refused
    return account


async def start_jobs(studio: StudioCore, account: Account, order: Order, request: web.Request) -> list[Job]:
    """Charge and start every render of one order. Raises RequestRefused if the clip or the balance forbids it."""
    seconds = order.seconds if order.seconds is not None else CLIP_SECONDS_ASSUMED
    if order.model.duration_from_clip:
        seconds = await _clip_seconds(studio, order, seconds)
    price = order.model.price.credits(seconds=seconds, quality=order.quality, sound=order.sound, optin=order.optin)
    price = max(0, price + studio.charge_surcharge)
    count = studio.renders_per_request
    if EMPTY_ACCOUNT in request:
        raise RequestRefused(402, "Insufficient credits", credits_required=price * count, credits_available=0)
    studio.accounts.require(account, price * count)
    jobs = []
    for index in range(count):
        fault = next(iter(studio.faults.take("job")), None)
        jobs.append(studio.job_manager.accept(account, order, seconds, price, index, fault))
    request[POST_RECORD].job_ids = [job.job_id for job in jobs]
    return jobs


async def _clip_seconds(studio: StudioCore, order: Order, otherwise: int) -> int:
    """Return the driving clip's whole seconds, or `otherwise` for a clip that cannot be looked at."""
    clip = (await studio.inputs.fetch(order)).clip
    seconds = round(clip.seconds) if clip else otherwise
    most = ORIENTATION_SECONDS_MAX[order.orientation or "video"]
    if not CLIP_SECONDS_MIN <= seconds <= most:
        raise RequestRefused(400, f"Driving clip must be between {CLIP_SECONDS_MIN} and {most} seconds")
    return seconds


async def json_body(request: web.Request) -> Any:
    """Parse a request's body. Raises RequestRefused."""
    try:
        return json.loads(await request.read())
    except ValueError:
        raise RequestRefused(400, "Invalid JSON") from None


def page_of(request: web.Request, rows: int = HISTORY_ROWS_DEFAULT) -> tuple[int, int]:
    """Read `limit` and `offset` of a query; a query without a limit gets `rows`. Raises RequestRefused."""
    try:
        limit = int(request.query.get("limit", rows))
        offset = int(request.query.get("offset", 0))
    except ValueError:
        raise RequestRefused(400, "limit and offset must be whole numbers") from None
    return max(1, min(limit, max(rows, HISTORY_LIMIT_MAX))), max(0, offset)


def _history_row(studio: StudioCore, job: Job) -> dict[str, Any]:
    order = job.order
    return job.to_json(studio.base_url) | {
        "prompt": order.prompt,
        "aspect_ratio": order.aspect_ratio,
        "duration_seconds": job.seconds,
        "quality_mode": order.quality,
        "input_image_urls": list(order.image_urls),
        "input_video_urls": list(order.video_urls),
    }
