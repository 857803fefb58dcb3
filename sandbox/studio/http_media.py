"""The result files, with Content-Length and Range, and what can go wrong with a download."""

import asyncio
from pathlib import Path

from aiohttp import web

from sandbox.studio.core import StudioCore
from sandbox.studio.faults import StudioFault
from sandbox.studio.middleware import DOWNLOAD_FAULT
from sandbox.studio.validation import RequestRefused

JOB_ID = "{job_id:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}}"
"""A job's id in a route."""
CHUNK_BYTES = 65_536
"""Bytes that are written at once."""
SLOW_TICK_SECONDS = 0.1
"""Seconds between two writes of a slow download."""


def routes(studio: StudioCore) -> list[web.RouteDef]:
    """List the routes of one Video Studio."""

    async def result(request: web.Request) -> web.StreamResponse:
        # Open to whoever knows the address, as on the provider's media host.
        job = studio.job_manager.get(request.match_info["job_id"])
        number = int(request.match_info["number"].lstrip("-") or 0)
        if job is None or number >= len(job.files):
            raise RequestRefused(404, "Not found")
        path = job.files[number]
        fault = request.get(DOWNLOAD_FAULT)
        if fault is None:
            return web.FileResponse(path, headers={"Content-Type": "video/mp4", "Cache-Control": "no-store"})
        if fault.kind == "download_wrong_type":
            return web.Response(text="<!doctype html><title>Gone</title>", content_type="text/html")
        return await _badly(request, path, fault)

    async def last_frame(request: web.Request) -> web.StreamResponse:
        job = studio.job_manager.get(request.match_info["job_id"])
        if job is None or job.last_frame is None:
            raise RequestRefused(404, "Not found")
        return web.FileResponse(job.last_frame, headers={"Content-Type": "image/png", "Cache-Control": "no-store"})

    return [
        web.get(f"/video_studio/results/job-{JOB_ID}-last-frame.png", last_frame),
        web.get(
            f"/video_studio/results/job-{JOB_ID}{{number:(?:-\\d+)?}}.mp4",
            result,
            name="media",
        ),
    ]


async def _badly(request: web.Request, path: Path, fault: StudioFault) -> web.StreamResponse:
    """Send a file slowly, or only the first part of what Content-Length promises."""
    data = await asyncio.to_thread(path.read_bytes)
    response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
    response.content_length = len(data)
    await response.prepare(request)
    cut = fault.kind == "download_cut"
    end = int(len(data) * fault.fraction) if cut else len(data)
    step = CHUNK_BYTES if cut else max(1, round(fault.bytes_per_second * SLOW_TICK_SECONDS))
    for start in range(0, end, step):
        await response.write(data[start : min(start + step, end)])
        if not cut:
            await asyncio.sleep(SLOW_TICK_SECONDS)
    if cut and request.transport:
        request.transport.close()
        return response
    await response.write_eof()
    return response
