"""Reads renders from a history answer.

The documentation does not state the answer's format. Renders are therefore recognised wherever they are: in a list,
under any key, keyed by id, or in groups.
"""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.renders import RenderReport
from bot.studio.protocol import History
from bot.studio.reading.lenient import DEPTH_MAX, first, first_read, identifier, objects
from bot.studio.reading.render import read_render, render_id
from bot.studio.reading.states import STATUS_KEYS, has_status

LIST_KEYS = frozenset({"", "jobs", "results", "history", "data", "items", "renders", "generations", "videos"})
"""Keys under which an empty list means "no renders yet". The empty key is the answer itself."""
RENDER_MARKS = (*STATUS_KEYS, "model_slug", "video_model", "result_urls")
"""Keys that mark an object with an id as a render."""


@dataclass
class _Found:
    base_url: str
    any_link: bool
    reports: dict[str, RenderReport] = field(default_factory=dict)
    readable: bool = False
    skipped: int = 0


def read_history(answer: JsonValue, base_url: str = "", *, any_link: bool = False) -> History:
    """Read a history answer. Never raises: an answer without a list of renders has `readable` False.

    `any_link` accepts links as results that may be pages about a render, where no status tells the result itself.
    """
    found = _Found(base_url, any_link)
    _walk(answer, "", found, DEPTH_MAX)
    return History(tuple(found.reports.values()), found.readable or bool(found.reports), found.skipped)


def next_page(answer: JsonValue, base_url: str, path: str) -> str | None:
    """Return path and query of the next page that an answer links to; None if there is none.

    Only a link to the same `path` at `base_url` is followed, because the API key goes with the request.
    """
    for stated in objects(answer):
        link = first_read(stated, _link, "next", "next_page", "next_url", "next_page_url")
        if link is None:
            continue
        found, here = urlsplit(urljoin(base_url + path, link)), urlsplit(base_url + path)
        if (found.scheme, found.netloc, found.path) == (here.scheme, here.netloc, here.path) and found.query:
            return f"{path}?{found.query}"
    return None


def _link(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and value.startswith(("http", "/", "?")) else None


def _walk(value: JsonValue, name: str, found: _Found, depth: int) -> None:
    if isinstance(value, list):
        _walk_list(value, name, found, depth)
    elif isinstance(value, dict) and not _take(value, None, found) and depth > 0:
        by_id = bool(value) and all(isinstance(entry, dict) and has_status(entry) for entry in value.values())
        for key, entry in value.items():
            if not (by_id and isinstance(entry, dict) and _take(entry, key, found)):
                _walk(entry, key, found, depth - 1)


def _walk_list(entries: list[JsonValue], name: str, found: _Found, depth: int) -> None:
    missed = 0
    for entry in entries:
        known = len(found.reports)
        if depth > 0:
            _walk(entry, name, found, depth - 1)
        missed += len(found.reports) == known
    # A list without any render may be about something else. It does not prove that there are no renders.
    if not entries:
        found.readable |= name.lower() in LIST_KEYS
    elif missed < len(entries):
        found.skipped += missed


def _take(stated: JsonObject, fallback_id: str | None, found: _Found) -> bool:
    remote_id = render_id(stated) or identifier(fallback_id)
    if remote_id is None or first(stated, *RENDER_MARKS) is None:
        return False
    if remote_id not in found.reports:
        found.reports[remote_id] = read_render(stated, remote_id, found.base_url, any_link=found.any_link)
    return True
