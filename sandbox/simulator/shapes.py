"""How the provider tells of a render, as the dials say."""

import html
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zlib import crc32

from sandbox.simulator.dials import Dials
from sandbox.simulator.renders import PENDING_SHARE, Render

MODEL_NAMES = {"veo31_fast": "Veo 3.1 Fast", "pro": "Pro", "animate": "Animate", "unpriced": "Unpriced"}
"""Display names by slug, for the dial that tells them in place of slugs."""
PROMPT_CUT = 40
LATE_RESULT_SECONDS = 40.0
LONG_TEXT = "The prompt was refused. " * 20_000
_WORDS = {
    "documented": ("pending", "processing", "completed", "failed"),
    "others": ("queued", "running", "done", "rejected"),
    "never seen": ("in the oven", "half baked", "golden brown", "burnt"),
}


def told(render: Render, dials: Dials, now: float, *, in_history: bool) -> dict[str, Any]:
    """Return the provider's JSON for one render, in a status or in a history answer."""
    pending, processing, completed, failed = _WORDS[dials.words]
    row: dict[str, Any] = {"job_id": render.remote_id}
    if dials.model_told != "absent":
        slug = str(render.payload.get("model_slug"))
        row["model_slug"] = {"slug": slug, "name": MODEL_NAMES.get(slug, slug), "other": f"v2/{slug}"}[dials.model_told]
    if not render.ended(now):
        row["status"] = pending if render.progress(now) < PENDING_SHARE else processing
    elif render.fails:
        row |= {"status": failed, "error_message": _reason(dials)}
        if dials.refund_told:
            row["credits_refunded"] = not render.keeps
    else:
        row["status"] = completed
        if not in_history or dials.history_tells_results:
            row |= _results(render, dials, now)
    if dials.charge_told and (not in_history or dials.history_tells_money):
        row["credits_charged"] = render.charged
    elif in_history and not dials.history_tells_money:
        row.pop("credits_refunded", None)
    if dials.time_told != "absent":
        row["created_at"] = _moment(render.created_at + dials.provider_skew, dials)
    if in_history:
        row |= _request(render, dials)
    return row


def history(rows: list[dict[str, Any]], dials: Dials) -> Any:
    """Return the body of a history answer; `rows` come newest first."""
    match dials.history_shape:
        case "bare list":
            return rows
        case "nested":
            return {"success": True, "data": {"items": rows, "total": len(rows)}}
        case "by id" if rows:
            return {"jobs": {row["job_id"]: {k: v for k, v in row.items() if k != "job_id"} for row in rows}}
        case "one broken":
            return {"success": True, "jobs": [*rows, None, {"status": "completed"}]}
        case "oldest first":
            return {"success": True, "jobs": rows[::-1]}
    return {"success": True, "jobs": rows}


def _results(render: Render, dials: Dials, now: float) -> dict[str, Any]:
    address = f"https://media.example/{render.remote_id}.mp4"
    match dials.results_told:
        case "late" if now < render.created_at + render.run_seconds + LATE_RESULT_SECONDS:
            return {"result_urls": []}
        case "alias":
            return {"video_url": address}
        case "empty beside alias":
            return {"result_urls": [], "video_url": address}
        case "relative":
            return {"result_urls": [f"/media/{render.remote_id}.mp4"]}
        case "never":
            return {"result_urls": []}
    return {"result_urls": [address]}


def _request(render: Render, dials: Dials) -> dict[str, Any]:
    row: dict[str, Any] = {}
    prompt = render.payload.get("prompt")
    if prompt is not None and dials.prompt_told != "absent":
        row["prompt"] = {
            "as sent": prompt,
            "cut": prompt[:PROMPT_CUT],
            "ellipsis": prompt if len(prompt) <= PROMPT_CUT else prompt[:PROMPT_CUT] + "…",
            "escaped": html.escape(prompt),
            "rewritten": f"Cinematic, highly detailed: {prompt}",
            "trimmed": " ".join(prompt.split()),
        }[dials.prompt_told]
    if (urls := render.payload.get("input_image_urls")) and dials.inputs_told != "absent":
        anew = [f"https://cdn.example/{crc32(url.encode())}.png" for url in urls]
        row["input_image_urls"] = urls if dials.inputs_told == "as sent" else anew
    if dials.options_told:
        options = ("aspect_ratio", "duration_seconds", "quality_mode", "sound")
        row |= {name: render.payload[name] for name in options if name in render.payload}
    return row


def _moment(moment: float, dials: Dials) -> Any:
    match dials.time_told:
        case "other zone":
            return datetime.fromtimestamp(moment, timezone(timedelta(hours=-5))).replace(tzinfo=None).isoformat()
        case "epoch":
            return moment
        case "milliseconds":
            return round(moment * 1000)
    return datetime.fromtimestamp(moment, UTC).isoformat()


def _reason(dials: Dials) -> str:
    return {"plain": "The prompt was refused", "NUL": "The prompt\x00was refused", "long": LONG_TEXT}[dials.texts]
