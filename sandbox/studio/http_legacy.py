"""The legacy endpoint for two Veo models and its history."""

from typing import Any

from aiohttp import web

from sandbox.clock import iso
from sandbox.studio.catalogue import LEGACY_SLUGS
from sandbox.studio.core import StudioCore
from sandbox.studio.http_api import admit_post, authenticate, json_body, page_of, start_jobs
from sandbox.studio.jobs import Job
from sandbox.studio.validation import RequestRefused, check

FIELDS = frozenset({"video_model", "prompt", "aspect_ratio", "watermark_text"})


def routes(studio: StudioCore) -> list[web.RouteDef]:
    """List the routes of one Video Studio."""

    async def generate(request: web.Request) -> web.Response:
        account = admit_post(studio, request)
        body = await json_body(request)
        if not isinstance(body, dict):
            raise RequestRefused(400, "Request body must be a JSON object")
        slug = LEGACY_SLUGS.get(str(body.get("video_model", "veo3_fast")))
        if slug is None:
            raise RequestRefused(400, "Invalid video_model")
        if unknown := sorted(set(body) - FIELDS):
            raise RequestRefused(400, f"Unknown field: {unknown[0]}")
        modern = {name: body[name] for name in ("prompt", "aspect_ratio") if name in body}
        order = check({"model_slug": slug, **modern}, studio.catalogue)
        job = (await start_jobs(studio, account, order, request))[0]
        return web.json_response({"success": True, "data": _row(studio, job) | {"credits_remaining": account.credits}})

    async def history(request: web.Request) -> web.Response:
        account = authenticate(studio, request)
        limit, offset = page_of(request)
        jobs = studio.job_manager.of(account) if request.query.get("type", "video") == "video" else []
        rows = [_row(studio, job) for job in jobs[offset : offset + limit]]
        page = {"total": len(jobs), "limit": limit, "offset": offset}
        return web.json_response({"success": True, "data": {"generations": rows, **page}})

    return [
        web.post("/api/v1/generate/video/", generate, name="generate-legacy"),
        web.get("/api/v1/generate/history/", history, name="history-legacy"),
    ]


def _row(studio: StudioCore, job: Job) -> dict[str, Any]:
    return {
        "generation_id": job.job_id,
        "type": "video",
        "status": job.status,
        "prompt": job.order.prompt,
        "credits_used": job.credits,
        "result_urls": job.result_urls(studio.base_url),
        "created_at": iso(job.created_at),
    }
