"""Reads one render from a status or history answer.

The spellings of a fact stand in the order of preference. The documented ones come first; the others are plausible,
because the format of some answers is not documented. A fact that cannot be read is None: it must not hide a finished
video, or spoil the other renders of the answer.
"""

from bot.domain.fields import FIELDS
from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.renders import RenderReport, RenderState
from bot.studio.errors import BadAnswer, Declined, StudioError
from bot.studio.reading.addresses import RESULT_HOLDERS, has_clear_result, read_addresses, result_addresses
from bot.studio.reading.lenient import (
    as_bool,
    as_whole,
    first,
    first_read,
    identifier,
    name_text,
    objects,
    prompt_text,
    text,
)
from bot.studio.reading.moments import read_moment
from bot.studio.reading.seconds import SECONDS_MAX
from bot.studio.reading.states import has_status, read_state

ID_KEYS = ("job_id", "generation_id", "render_id", "task_id", "uuid", "id")
"""Keys of a render's id."""
DOCUMENTED_ID_KEYS = ("job_id", "generation_id")
"""The key of a render's id in the Video Studio API, and in the legacy API."""
CHARGE_KEYS = ("credits_charged", "credits_used", "credits_spent", "credits_cost", "credit_cost")
"""Keys of the charge. The Video Studio documents `credits_charged`, the legacy API `credits_used`."""
ERROR_KEYS = ("error_message", "error", "failure_reason", "fail_reason", "failure_message", "reason", "error_code")
"""Keys of the reason of a failure. `error_message` is documented."""
INPUT_FIELDS = (*(field.wire for field in FIELDS if field.kind.is_attachment), "image_urls", "video_urls", "image_url")
INPUT_HOLDERS = ("input", "inputs", "request", "payload", "params", "parameters", "settings", "options")
"""Keys of an inner object with the facts of the request."""
EFFECTIVE_HOLDERS = ("provider_meta", "meta", "metadata")
"""Keys of an inner object with what was really made. `provider_meta` is documented."""


LAST_FRAME_KEYS = ("returned_last_frame_url", "last_frame_image_url", "output_last_frame_url")
"""Keys of the last frame that a render gave back. None is documented: only the flag that asks for it is."""


def render_id(stated: JsonObject) -> str | None:
    """Return the id that an object states for a render."""
    return first_read(stated, identifier, *ID_KEYS)


def read_render(stated: JsonObject, remote_id: str, base_url: str = "", *, any_link: bool = True) -> RenderReport:
    """Return the report for `remote_id` that an object states. Relative addresses are joined to `base_url`.

    `any_link` accepts links as results that may be pages about the render (`result_addresses`).
    """
    state, unknown_status = read_state(stated)
    result_urls = result_addresses(stated, base_url, any_link=any_link)
    if state is RenderState.UNREADABLE and has_clear_result(stated, result_urls):
        state = RenderState.COMPLETED
    request = _inner(stated, INPUT_HOLDERS)
    inputs = _inputs(stated, base_url) or _inputs(request, base_url)
    sources = (stated, request, _inner(stated, EFFECTIVE_HOLDERS))
    return RenderReport(
        remote_id=remote_id,
        state=state,
        result_urls=result_urls,
        credits_charged=first_read(stated, as_whole, *CHARGE_KEYS),
        credits_refunded=first_read(stated, as_bool, "credits_refunded", "refunded", "is_refunded"),
        error_message=first_read(stated, _reason, *ERROR_KEYS),
        model_slug=_from((stated, request), "model_slug", "video_model", "model"),
        prompt=first_read(stated, prompt_text, "prompt") or first_read(request, prompt_text, "prompt", "text"),
        input_urls=inputs,
        created_at=first_read(stated, read_moment, "created_at", "created", "submitted_at", "create_time"),
        completed_at=first_read(stated, read_moment, "completed_at", "finished_at", "ended_at", "complete_time"),
        aspect_ratio=_from(sources, "aspect_ratio", "ratio"),
        duration=_duration(sources),
        quality=_from(sources, "quality_mode", "quality", "resolution"),
        sound=next((sound for source in sources if (sound := first_read(source, as_bool, *_SOUND)) is not None), None),
        last_frame_url=_last_frame(stated, base_url, inputs),
        unknown_status=unknown_status,
    )


def read_status(
    answer: JsonValue, remote_id: str, base_url: str = "", refusal: StudioError | None = None
) -> RenderReport:
    """Return the report on `remote_id`.

    Raises BadAnswer if the answer has none, or only that of another render. `refusal` is the error that the answer
    means otherwise. It is raised unless the answer reports the end of this render: `"success": false` can be said of a
    render that failed. A server's own failure says nothing about the render.
    """
    named = unnamed = without_status = None
    for stated in objects(answer):
        if render_id(stated) == remote_id:
            if has_status(stated):
                named = named or read_render(stated, remote_id, base_url)
            else:
                without_status = without_status or read_render(stated, remote_id, base_url)
        elif (
            first(stated, *DOCUMENTED_ID_KEYS) is None
            and has_status(stated)
            and (refusal is None or _has_facts(stated))
        ):
            # Of the objects without an id the innermost is used: an envelope may have a `status` of its own.
            unnamed = read_render(stated, remote_id, base_url)
    report = named or unnamed or without_status
    if refusal is not None and (report is None or not report.state.final or not isinstance(refusal, Declined)):
        raise refusal
    if report is None:
        raise BadAnswer("The provider's answer has no status of the render")
    return report


_SOUND = ("sound", "with_sound", "audio")
_FACTS = ("error_message", "credits_refunded", "credits_charged", "created_at", "result_urls", "model_slug")


def _has_facts(stated: JsonObject) -> bool:
    """Tell whether an object has a fact that only renders have, so that its status is not that of the answer."""
    return first(stated, *_FACTS) is not None


def _inner(stated: JsonObject, keys: tuple[str, ...]) -> JsonObject:
    return next((held for key in keys if isinstance(held := first(stated, key), dict)), {})


def _from(sources: tuple[JsonObject, ...], *spellings: str) -> str | None:
    readings = (first_read(source, _name, *spellings) for source in sources)
    return next((reading for reading in readings if reading is not None), None)


def _name(value: JsonValue) -> str | None:
    if isinstance(value, dict):
        value = first(value, "slug", "model_slug", "value", "name", "id")
    return name_text(value)


def _reason(value: JsonValue) -> str | None:
    if isinstance(value, dict):
        value = first(value, "message", "detail", "error", "reason", "code")
    return text(value)


def _duration(sources: tuple[JsonObject, ...]) -> int | None:
    spellings = ("duration_seconds", "duration", "seconds", "effective_duration_seconds")
    seconds = (first_read(source, as_whole, *spellings) for source in sources)
    return next((each for each in seconds if each is not None and 0 < each <= SECONDS_MAX), None)


def _inputs(stated: JsonObject, base_url: str) -> tuple[str, ...]:
    return tuple(url for name in INPUT_FIELDS for url in read_addresses(first(stated, name), base_url))


def _last_frame(stated: JsonObject, base_url: str, inputs: tuple[str, ...]) -> str | None:
    """Return where the last frame is that a render gave back.

    Beside the request's own fields `last_frame_url` is a frame that the member gave; within results it is none.
    """
    found = [address for key in LAST_FRAME_KEYS for address in read_addresses(first(stated, key), base_url)]
    for key in (*EFFECTIVE_HOLDERS, *RESULT_HOLDERS):
        if isinstance(held := first(stated, key), dict):
            for name in (*LAST_FRAME_KEYS, "last_frame_url", "last_frame"):
                found += read_addresses(first(held, name), base_url)
    return next((address for address in found if address not in inputs), None)
