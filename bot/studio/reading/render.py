"""Reads the provider's answers about renders.

Names marked `documented` come from the provider's documentation. The others are plausible spellings, because the format
of some answers is not documented. A field that cannot be read is None: it must not hide a finished video.
"""

import math
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from bot.domain.fields import FIELDS
from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.renders import RenderReport, RenderState
from bot.studio.errors import BadAnswer
from bot.studio.protocol import Accepted
from bot.studio.reading.lenient import as_bool, as_whole, children, first, objects, text, urls

# "success" and "ok" are left out: an answer says them about itself, not about the render.
STATES = {
    "pending": RenderState.PENDING,
    "queued": RenderState.PENDING,
    "processing": RenderState.PROCESSING,
    "running": RenderState.PROCESSING,
    "in_progress": RenderState.PROCESSING,
    "completed": RenderState.COMPLETED,
    "complete": RenderState.COMPLETED,
    "succeeded": RenderState.COMPLETED,
    "failed": RenderState.FAILED,
    "error": RenderState.FAILED,
    "cancelled": RenderState.FAILED,
    "canceled": RenderState.FAILED,
}
INPUT_FIELDS = (*(field.wire for field in FIELDS if field.kind.is_attachment), "image_urls", "video_urls", "image_url")
INPUT_HOLDERS = ("input", "inputs", "request", "payload", "params", "parameters")


def _state(value: JsonValue) -> RenderState:
    word = (text(value) or "").lower().replace(" ", "_").replace("-", "_")
    return STATES.get(word, RenderState.UNREADABLE)


_DATETIME = TypeAdapter(datetime)


def _moment(value: JsonValue) -> float | None:
    """Return seconds since the epoch, from ISO text (UTC if it names no zone) or seconds or milliseconds."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or value == "":
        return None
    try:
        moment = _DATETIME.validate_python(value)
    except ValidationError:
        return None
    seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return seconds if math.isfinite(seconds) else None


class RenderWire(BaseModel):
    """One render in a status or history answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    # documented: job_id; in the legacy API generation_id
    remote_id: Annotated[str | None, BeforeValidator(text)] = Field(
        None, validation_alias=AliasChoices("job_id", "generation_id", "uuid", "id")
    )
    state: Annotated[RenderState, BeforeValidator(_state)] = Field(
        RenderState.UNREADABLE, validation_alias=AliasChoices("status", "state")
    )
    result_urls: Annotated[tuple[str, ...], BeforeValidator(urls)] = Field(
        (),
        validation_alias=AliasChoices(
            "result_urls",
            "results",
            "result",
            "result_url",
            "output_urls",
            "outputs",
            "output",
            "video_urls",
            "video_url",
        ),
    )
    # documented: credits_charged; in the legacy API credits_used
    credits_charged: Annotated[int | None, BeforeValidator(as_whole)] = Field(
        None, validation_alias=AliasChoices("credits_charged", "credits_used", "credits_spent")
    )
    credits_refunded: Annotated[bool | None, BeforeValidator(as_bool)] = Field(
        None, validation_alias=AliasChoices("credits_refunded", "refunded")
    )
    error_message: Annotated[str | None, BeforeValidator(text)] = Field(
        None, validation_alias=AliasChoices("error_message", "error", "failure_reason")
    )
    model_slug: Annotated[str | None, BeforeValidator(text)] = Field(
        None, validation_alias=AliasChoices("model_slug", "video_model", "model")
    )
    prompt: Annotated[str | None, BeforeValidator(text)] = None
    created_at: Annotated[float | None, BeforeValidator(_moment)] = Field(
        None, validation_alias=AliasChoices("created_at", "created", "submitted_at")
    )
    completed_at: Annotated[float | None, BeforeValidator(_moment)] = Field(
        None, validation_alias=AliasChoices("completed_at", "finished_at")
    )

    @classmethod
    def read(cls, stated: JsonObject) -> "RenderWire":
        """Read one object of an answer; its fields that are null are ignored."""
        return cls.model_validate({key: value for key, value in stated.items() if value is not None})

    def report(self, remote_id: str, stated: JsonObject) -> RenderReport:
        """Return the report for `remote_id`; facts about the request may be in an inner object of `stated`."""
        request = next((held for key in INPUT_HOLDERS if isinstance(held := stated.get(key), dict)), {})
        return RenderReport(
            remote_id=remote_id,
            state=self.state,
            result_urls=self.result_urls,
            credits_charged=self.credits_charged,
            credits_refunded=self.credits_refunded,
            error_message=self.error_message,
            model_slug=self.model_slug or text(request.get("model_slug")),
            prompt=self.prompt or text(request.get("prompt")),
            input_urls=_inputs(stated) or _inputs(request),
            created_at=self.created_at,
            completed_at=self.completed_at,
        )


def read_status(answer: JsonValue, remote_id: str) -> RenderReport:
    """Return the report on `remote_id`. Raises BadAnswer if the answer has none, or only that of another render."""
    unnamed = None
    for stated in objects(answer):
        wire = RenderWire.read(stated)
        if wire.remote_id == remote_id:
            return wire.report(remote_id, stated)
        # Of the objects without an id the innermost is used: an envelope may have a `status` of its own.
        if first(stated, "job_id", "generation_id") is None and first(stated, "status", "state") is not None:
            unnamed = wire.report(remote_id, stated)
    if unnamed is None:
        raise BadAnswer("The provider's answer holds no status of the render")
    return unnamed


def read_accepted(answer: JsonValue) -> Accepted:
    """Return the ids of the started renders, in the answer's order. Raises BadAnswer if there is none."""
    job_ids: tuple[str, ...] = ()
    remaining = None
    for stated in objects(answer):
        if remaining is None:
            remaining = as_whole(first(stated, "credits_remaining_total", "credits_remaining"))
        job_ids = job_ids or _job_ids(stated)
    if not job_ids:
        raise BadAnswer("The provider's answer names no render")
    return Accepted(job_ids, remaining)


def _job_ids(stated: JsonObject) -> tuple[str, ...]:
    named = first(stated, "job_ids", "generation_ids", "jobs")
    if named is None:
        named = [first(stated, "job_id", "generation_id", "id")]
    entries = [entry for _, entry in children(named)] if isinstance(named, list) else [named]
    ids = (text(first(e, "job_id", "generation_id", "id") if isinstance(e, dict) else e) for e in entries)
    return tuple(dict.fromkeys(found for found in ids if found))


def _inputs(stated: JsonObject) -> tuple[str, ...]:
    return tuple(url for name in INPUT_FIELDS for url in urls(stated.get(name)))
