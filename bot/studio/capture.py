"""Raw answers of the provider without secrets, so that an owner can report what is not understood."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.client import HISTORY, MODELS, StudioClient, status_path
from bot.studio.errors import StudioError
from bot.studio.http import parse_json
from bot.studio.reading.history import read_history
from bot.studio.reading.lenient import fold

PAGE_CHARACTERS_MAX = 2000
"""Characters that are kept of an answer that is not JSON."""
HEADERS = ("Content-Type", "Date", "Retry-After", "Link", "Server", "RateLimit-Limit", "RateLimit-Reset")
"""Headers that are kept."""
LEFT_OUT = "(left out)"

_PRIVATE = re.compile(
    r"(?:^|_)(?:e?mail|user_?name|first_name|last_name|full_name|phone|token|secret|password|api_key)"
)
_PROMPT = re.compile(r"prompt|_text$|^text$|caption")
_LINK = re.compile(r"https?://\S+")


async def capture_answers(client: StudioClient, api_key: str, *, with_prompts: bool) -> list[JsonObject]:
    """Return the answers of models, history, and the status of the newest render of the history.

    Never raises StudioError: a request without an answer has its `error` instead.
    """
    answers: list[JsonObject] = []
    models, history = await _ask(client, MODELS), await _ask(client, HISTORY)
    asked = [(MODELS, models), (HISTORY, history)]
    reports = read_history(history["body"]).reports if "body" in history else ()
    if reports:
        path = status_path(reports[0].remote_id)
        asked.append((path, await _ask(client, path)))
    for path, answer in asked:
        redacted = _redacted(answer, api_key, with_prompts=with_prompts)
        answers.append({"path": path, **(redacted if isinstance(redacted, dict) else {})})
    return answers


async def _ask(client: StudioClient, path: str) -> JsonObject:
    try:
        raw = await client.get_raw(path)
    except StudioError as error:
        return {"error": f"{type(error).__name__}: {error.message}"}
    headers: JsonObject = {name: raw.headers[name] for name in HEADERS if name in raw.headers}
    try:
        return {"status": raw.status, "headers": headers, "body": parse_json(raw.content)}
    except (ValueError, RecursionError):
        page = raw.content[:PAGE_CHARACTERS_MAX].decode("utf-8", "replace")
        return {"status": raw.status, "headers": headers, "page": page}


def _redacted(value: JsonValue, api_key: str, *, with_prompts: bool) -> JsonValue:
    """Return a value without the key, private facts, the queries of links and, unless they are wanted, prompts."""
    if isinstance(value, dict):
        return dict(_redacted_items(value, api_key, with_prompts=with_prompts))
    if isinstance(value, list):
        return [_redacted(entry, api_key, with_prompts=with_prompts) for entry in value]
    if isinstance(value, str):
        return _LINK.sub(_without_query, _without_key(value, api_key))
    return value


def _redacted_items(stated: JsonObject, api_key: str, *, with_prompts: bool) -> Iterator[tuple[str, JsonValue]]:
    for key, value in stated.items():
        name, said = fold(key), isinstance(value, str)
        if said and (_PRIVATE.search(name) or (_PROMPT.search(name) and not with_prompts)):
            yield _without_key(key, api_key), LEFT_OUT
        else:
            yield _without_key(key, api_key), _redacted(value, api_key, with_prompts=with_prompts)


def _without_key(words: str, api_key: str) -> str:
    return words.replace(api_key, LEFT_OUT) if api_key else words


def _without_query(link: re.Match[str]) -> str:
    try:
        parts = urlsplit(link[0])
    except ValueError:
        return LEFT_OUT
    return urlunsplit(parts._replace(query=LEFT_OUT if parts.query else "", fragment=""))
