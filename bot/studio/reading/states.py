"""Reads the status words of renders."""

from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.renders import RenderState
from bot.studio.reading.lenient import first, fold, text

STATUS_KEYS = (
    *("status", "state", "job_status", "render_status", "task_status", "generation_status", "video_status"),
    *("status_text",),
)
"""Keys of a render's status. `status` is documented."""

_WORD_CHARACTERS_MAX = 60

# documented: pending, processing, completed, failed
STATES = {
    RenderState.PENDING: (
        "pending", "queued", "queueing", "queuing", "in_queue", "enqueued", "waiting", "scheduled", "submitted",
        "created", "accepted", "received", "starting", "initializing", "initialized", "not_started", "new", "on_hold",
        "throttled", "delayed", "preparing",
    ),
    RenderState.PROCESSING: (
        "processing", "running", "in_progress", "inprogress", "progress", "in_process", "started", "generating",
        "rendering", "working", "active", "executing", "ongoing", "uploading", "encoding", "transcoding", "finalizing",
        "post_processing", "postprocessing", "saving", "retrying", "downloading",
    ),
    RenderState.COMPLETED: (
        "completed", "complete", "done", "succeeded", "succeed", "successful", "finished", "ready", "generated",
        "rendered", "available", "delivered", "fulfilled", "partially_completed", "completed_with_errors",
    ),
    RenderState.FAILED: (
        "failed", "failure", "fail", "error", "errored", "timeout", "timed_out", "timedout", "rejected", "refused",
        "cancelled", "canceled", "expired", "aborted", "terminated", "stopped", "blocked", "moderated", "flagged",
        "invalid", "nsfw", "content_policy_violation", "generate_failed", "create_task_failed", "dead", "refunded",
    ),
}  # fmt: skip
"""The words for each state. A word is compared in lower case, with underscores for blanks and hyphens."""
ANSWER_WORDS = {"success": RenderState.COMPLETED, "ok": RenderState.COMPLETED}
"""Words that an answer may also say of itself. They count only if no other key has a word of STATES."""

_BY_WORD = {word: state for state, words in STATES.items() for word in words}


def read_state(stated: JsonObject) -> tuple[RenderState, str | None]:
    """Return the state of a render, and its status word if that is unknown. The state is UNREADABLE then."""
    words = [word for key in STATUS_KEYS if (word := _word(first(stated, key))) is not None]
    for known in (_BY_WORD, ANSWER_WORDS):
        state = next((known[word] for word in words if word in known), None)
        if state is not None:
            return state, None
    return RenderState.UNREADABLE, words[0] if words else None


def has_status(stated: JsonObject) -> bool:
    """Tell whether an object states any status."""
    return first(stated, *STATUS_KEYS) is not None


def _word(value: JsonValue) -> str | None:
    if isinstance(value, dict):
        value = first(value, "value", "name", "code", "state", "status", "label")
    word = text(value, _WORD_CHARACTERS_MAX)
    return None if word is None else fold(word).strip("_.")
