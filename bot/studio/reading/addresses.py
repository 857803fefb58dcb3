"""Reads the web addresses of results and inputs."""

import re
from urllib.parse import urljoin, urlsplit

from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.links import ADDRESS_CHARACTERS_MAX, web_address
from bot.studio.reading.lenient import as_json, first

ADDRESSES_MAX = 16
"""Most addresses that are read for one render."""
RESULT_KEYS = (
    *("result_urls", "result_url", "results", "result", "video_urls", "video_url", "output_urls", "output_url"),
    *("outputs", "output", "generated_videos", "generated_video", "videos", "video", "media_urls", "media_url"),
    *("download_urls", "download_url", "file_urls", "file_url", "files", "file", "assets", "media"),
    *("artifacts", "mp4", "mp4_url"),
)
"""Keys of results. The first that contains an address counts. `result_urls` is documented."""
LINK_KEYS = ("urls", "url", "links", "link", "href")
"""Keys of a result, or of a page about it. An address that ends like a video file counts first."""
RESULT_HOLDERS = ("result", "results", "output", "outputs", "data", "response")
"""Keys of objects that may contain the result keys."""
ADDRESS_KEYS = (
    *("url", "video_url", "result_url", "output_url", "download_url", "file_url", "media_url", "src", "href", "uri"),
    *("link", "mp4", "video", "file", "urls", "result_urls", "video_urls", "videos"),
)
"""Keys of the address in an object such as `{"url": …, "type": "video"}`."""

_RELATIVE = re.compile(r"/\S+|[^\s:?#]+\.(?:mp4|webm|mov|m4v|mkv|gif|png|jpe?g|webp)(?:[?#]\S*)?", re.IGNORECASE)
_MEDIA = re.compile(r"\.(?:mp4|webm|mov|m4v|mkv)$", re.IGNORECASE)


def read_address(value: str, base_url: str = "") -> str | None:
    """Return an absolute http or https address that consists of RFC 3986's characters only.

    A relative address (a path, or the name of a media file) is joined to `base_url`. The result is None for other
    schemes, a user name in the address, an odd host, and addresses longer than ADDRESS_CHARACTERS_MAX.
    """
    value = value.strip()
    if not 0 < len(value) <= ADDRESS_CHARACTERS_MAX:
        return None
    if not value.lower().startswith(("http://", "https://")):
        if not base_url or not _RELATIVE.fullmatch(value):
            return None
        value = urljoin(base_url.rstrip("/") + "/", value)
    return web_address(value)


def read_addresses(value: JsonValue, base_url: str = "") -> tuple[str, ...]:
    """Return the addresses in a value: one address, a list of them, objects that contain one, or JSON as a text."""
    return tuple(dict.fromkeys(_addresses(value, base_url)))[:ADDRESSES_MAX]


def result_addresses(stated: JsonObject, base_url: str = "", *, any_link: bool = True) -> tuple[str, ...]:
    """Return the addresses of a render's results, from the first key that contains any.

    If `any_link` is False, a link that may be a page about the render is left out.
    """
    holders = [held for key in RESULT_HOLDERS if isinstance(held := first(stated, key), dict)]
    for source in (stated, *holders):
        for key in RESULT_KEYS:
            if found := _found(source, key, base_url):
                return found
    links = [_found(source, key, base_url) for source in (stated, *holders) for key in LINK_KEYS]
    media = [tuple(url for url in found if _is_media(url)) for found in links]
    return next((found for found in (*media, *(links if any_link else ())) if found), ())


def has_clear_result(stated: JsonObject, addresses: tuple[str, ...]) -> bool:
    """Tell whether the addresses can only be results: the documented key has them, or they end like a video file."""
    return bool(addresses) and (bool(read_addresses(first(stated, "result_urls"))) or any(map(_is_media, addresses)))


def _addresses(value: JsonValue, base_url: str, depth: int = 4) -> list[str]:
    match value:
        case str() if value.lstrip().startswith(("[", "{", '"')) and depth:
            return _addresses(as_json(value), base_url, depth - 1)
        case str():
            address = read_address(value, base_url)
            return [] if address is None else [address]
        case list() if depth:
            return [url for entry in value[: 4 * ADDRESSES_MAX] for url in _addresses(entry, base_url, depth - 1)]
        case dict() if depth:
            each = (_addresses(first(value, key), base_url, depth - 1) for key in ADDRESS_KEYS)
            return next((found for found in each if found), [])
    return []


def _found(stated: JsonObject, key: str, base_url: str) -> tuple[str, ...]:
    """Return the addresses under a key, without links back to the API, such as one to the render's own status."""
    value = first(stated, key)
    addresses = () if value is None else read_addresses(value, base_url)
    return tuple(url for url in addresses if "/api/" not in urlsplit(url).path or _is_media(url))


def _is_media(url: str) -> bool:
    return _MEDIA.search(urlsplit(url).path) is not None
