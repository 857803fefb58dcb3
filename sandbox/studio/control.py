"""The controls over HTTP, for a browser page or another process: everything under /sandbox/studio/, in JSON.

- `GET  /sandbox/studio/`          settings, balances, totals, faults
- `GET  /sandbox/studio/records`   every POST, request, charge, and job
- `GET  /sandbox/studio/faults`    what is switched on; `POST` a StudioFault's fields to add one; `DELETE` clears all
- `POST /sandbox/studio/credits`   `{"credits": 94, "account": "default"}`
- `POST /sandbox/studio/accounts`  `{"key": "…", "credits": 100, "name": "…"}`, or flags of a known one by name
- `POST /sandbox/studio/speed`     `{"speed": 10, "advance_seconds": 60, "job_seconds": [5, 7]}`, each optional
- `POST /sandbox/studio/settings`  any of SETTINGS below
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, get_args

from aiohttp import web

from sandbox.clock import iso
from sandbox.studio.core import StudioCore
from sandbox.studio.http_api import json_body
from sandbox.studio.jobs import Job
from sandbox.studio.shapes import HistoryShape, ModelsShape
from sandbox.studio.validation import RequestRefused

PREFIX = "/sandbox/studio"
SETTINGS = (
    "renders_per_request", "models_shape", "history_shape", "history_lag_seconds", "charge_surcharge",
    "posts_per_hour", "results_per_job", "payload_bytes",
)  # fmt: skip
ACCOUNT_FLAGS = ("purchased", "api_allowed", "revoked")

_CHOICES = {"models_shape": get_args(ModelsShape), "history_shape": get_args(HistoryShape)}


def routes(studio: StudioCore) -> list[web.RouteDef]:
    """List the routes of one Video Studio."""

    async def overview(request: web.Request) -> web.Response:
        return web.json_response(summary(studio))

    async def records(request: web.Request) -> web.Response:
        charged = studio.records.charged_by_job()
        jobs = [job_json(studio, job, charged.get(job.job_id, 0)) for job in studio.jobs]
        return web.json_response(studio.records.to_json() | {"jobs": jobs})

    async def faults(request: web.Request) -> web.Response:
        return web.json_response({"faults": studio.faults.to_json()})

    @_bad_input_is_400
    async def add_fault(request: web.Request) -> web.Response:
        studio.faults.add(**await _object(request))
        return await faults(request)

    async def clear_faults(request: web.Request) -> web.Response:
        studio.faults.clear()
        return await faults(request)

    @_bad_input_is_400
    async def set_credits(request: web.Request) -> web.Response:
        body = await _object(request)
        studio.accounts.set_credits(
            studio.accounts.named(body.get("account", studio.account.name)), int(body["credits"])
        )
        studio.changed()
        return await overview(request)

    @_bad_input_is_400
    async def accounts(request: web.Request) -> web.Response:
        body = await _object(request)
        if "key" in body:
            account = studio.add_account(str(body["key"]), int(body.get("credits", 0)), body.get("name"))
        else:
            account = studio.accounts.named(body.get("name", studio.account.name))
        for flag in ACCOUNT_FLAGS:
            setattr(account, flag, bool(body.get(flag, getattr(account, flag))))
        return await overview(request)

    @_bad_input_is_400
    async def speed(request: web.Request) -> web.Response:
        body = await _object(request)
        if "job_seconds" in body:
            shortest, longest = body["job_seconds"]
            studio.set_job_seconds(float(shortest), float(longest))
        if "speed" in body:
            studio.set_speed(float(body["speed"]))
        if "advance_seconds" in body:
            studio.advance(float(body["advance_seconds"]))
        return await overview(request)

    @_bad_input_is_400
    async def settings(request: web.Request) -> web.Response:
        body = await _object(request)
        for name, value in body.items():
            if name not in SETTINGS or value not in _CHOICES.get(name, (value,)):
                raise ValueError(f"unknown setting or value: {name}={value!r}")
        for name, value in body.items():
            setattr(studio, name, value)
        return await overview(request)

    return [
        web.get(f"{PREFIX}/", overview),
        web.get(f"{PREFIX}/records", records),
        web.get(f"{PREFIX}/faults", faults),
        web.post(f"{PREFIX}/faults", add_fault),
        web.delete(f"{PREFIX}/faults", clear_faults),
        web.post(f"{PREFIX}/credits", set_credits),
        web.post(f"{PREFIX}/accounts", accounts),
        web.post(f"{PREFIX}/speed", speed),
        web.post(f"{PREFIX}/settings", settings),
    ]


def summary(studio: StudioCore) -> dict[str, Any]:
    """Return the overview: now, speed, settings, accounts (by name, never by key), totals, faults."""
    return {
        "now": iso(studio.clock.now()),
        "speed": studio.clock.speed,
        "job_seconds": list(studio.job_seconds),
        "settings": {name: getattr(studio, name) for name in SETTINGS},
        "accounts": [
            {"name": one.name, "credits": one.credits} | {flag: getattr(one, flag) for flag in ACCOUNT_FLAGS}
            for one in studio.accounts.all()
        ],
        "totals": studio.records.totals(),
        "faults": studio.faults.to_json(),
    }


def job_json(studio: StudioCore, job: Job, charged: int) -> dict[str, Any]:
    """Return a job for the records: what the API tells of it, whose it is, and what the books say."""
    return job.to_json(studio.base_url) | {
        "account": job.account.name,
        "request": job.order.body,
        "credits_net": charged,
        "fault": asdict(job.fault) if job.fault else None,
    }


def _bad_input_is_400(
    handler: Callable[[web.Request], Awaitable[web.Response]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def checked(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except (KeyError, TypeError, ValueError) as error:
            raise RequestRefused(400, f"{type(error).__name__}: {error}") from error

    return checked


async def _object(request: web.Request) -> dict[str, Any]:
    # A page of another origin can POST without asking, but not with this type.
    if request.content_type != "application/json":
        raise ValueError("Content-Type must be application/json")
    body = await json_body(request)
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body
