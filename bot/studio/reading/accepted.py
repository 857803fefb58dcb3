"""Reads the ids of started renders from a generate answer."""

from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.errors import BadAnswer, StudioError
from bot.studio.protocol import Accepted
from bot.studio.reading.lenient import as_whole, children, first, first_read, identifier, objects
from bot.studio.reading.render import DOCUMENTED_ID_KEYS

RENDERS_MAX = 16
"""Most renders that one request may start. The documentation allows 4; more than this is a mistake."""
LIST_KEYS = ("job_ids", "generation_ids", "jobs", "renders")
"""Keys of several renders or their ids. `job_ids` is documented."""


def read_accepted(answer: JsonValue, refusal: StudioError | None = None) -> Accepted:
    """Return the ids of the started renders, in the answer's order.

    Raises BadAnswer if there is none. `refusal` is the error that the answer means otherwise. It is raised unless the
    answer names renders in spite of it: these were started, and will be charged.
    """
    ids: tuple[str, ...] = ()
    named = 0
    remaining = None
    for stated in objects(answer):
        if remaining is None:
            remaining = first_read(stated, as_whole, "credits_remaining_total", "credits_remaining")
        if not ids:
            ids, named = _ids(stated, clear=refusal is not None)
    if ids:
        return Accepted(ids[:RENDERS_MAX], remaining, named - len(ids[:RENDERS_MAX]))
    raise refusal or BadAnswer("The provider's answer names no render")


def _ids(stated: JsonObject, *, clear: bool) -> tuple[tuple[str, ...], int]:
    """Return the usable ids of one object, and how many different ones it names.

    `clear` accepts only what can be nothing but a render's id: a refusal may have an `id` of its own.
    """
    keys = DOCUMENTED_ID_KEYS if clear else (*DOCUMENTED_ID_KEYS, "id")
    named = first(stated, *LIST_KEYS)
    if named is None:
        named = [first(stated, *keys)]
    entries = [entry for _, entry in children(named)] if isinstance(named, list) else [named]
    stated_ids = [first(entry, *keys) if isinstance(entry, dict) else entry for entry in entries]
    texts = dict.fromkeys(str(one) for one in stated_ids if isinstance(one, (str, int)) and not isinstance(one, bool))
    usable = dict.fromkeys(found for one in stated_ids if (found := identifier(one)) is not None)
    if clear:
        # A refusal may explain a field: {"job_ids": "required"}. Ids have digits.
        usable = dict.fromkeys(one for one in usable if any(map(str.isdigit, one)))
    return tuple(usable), max(len(texts), len(usable))
