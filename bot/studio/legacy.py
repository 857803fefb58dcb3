"""The client of the provider's legacy API, for accounts that can only use that one.

Source: the provider's documentation. It names two models, the fields of a request and of its answer, and a history with
`limit`, `offset` and `type`. It names neither a list of models nor a status endpoint. The models are therefore listed
here, and a status is looked up in the history.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from time import time

from bot.domain.clock import Clock
from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.renders import RenderReport, RenderState
from bot.studio.errors import BadRequest
from bot.studio.http import JsonHttp
from bot.studio.protocol import Accepted, History
from bot.studio.reading.accepted import read_accepted
from bot.studio.reading.history import read_history

GENERATE = "/api/v1/generate/video/"
HISTORY = "/api/v1/generate/history/"
HISTORY_ENTRIES = 50
"""How many of the newest entries a status is looked up in."""
FIELDS: Mapping[str, str] = {"model_slug": "video_model", "prompt": "prompt", "aspect_ratio": "aspect_ratio"}
"""Names of a generate request's fields → their names in the legacy API. No other fields exist there."""
# The documentation names no ratios and prices for these two: those of their successors, the Veo 3.1 models, are used.
MODELS: list[JsonObject] = [
    {
        "slug": slug,
        "name": name,
        "description": description,
        "engine": "Veo 3",
        "aspect_ratios": ["16:9", "9:16"],
        "durations": "not chosen",
        "inputs": ["text"],
        "audio": "native",
        "credits": {"base": credits},
    }
    for slug, name, description, credits in (
        ("veo3_fast", "Veo 3 Fast", "Fast 8-second videos from text.", 100),
        ("veo3", "Veo 3", "8-second videos from text in the highest quality.", 250),
    )
]


SLUGS = frozenset(model["slug"] for model in MODELS)
"""The models that can be asked for."""


class LegacyClient:
    """A `Provider` for one API key. It opens no connection before the first request."""

    def __init__(self, base_url: str, api_key: str, clock: Clock = time) -> None:
        """Use the API at `base_url`, an address without a path, with `api_key`."""
        self._http = JsonHttp(base_url, api_key, clock)

    def __repr__(self) -> str:
        """Show the address, never the key."""
        return f"LegacyClient({self._http!r})"

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """See `Provider.generate`. Raises BadRequest, without sending, for a field that the legacy API lacks."""
        if unknown := sorted(payload.keys() - FIELDS.keys()):
            raise BadRequest(f"The provider's legacy API, which the bot uses now, has no {', '.join(unknown)}")
        if payload.get("model_slug") not in SLUGS:
            raise BadRequest("The provider's legacy API, which the bot uses now, does not have this model")
        body: JsonObject = {FIELDS[name]: value for name, value in payload.items()}
        answer = await self._http.post(GENERATE, body)
        return read_accepted(answer.body, answer.refusal)

    async def status(self, remote_id: str) -> RenderReport:
        """Look the render up in the history. One that is not shown is UNREADABLE, so that it is asked for again."""
        history = await self.history(HISTORY_ENTRIES)
        shown = (report for report in history.reports if report.remote_id == remote_id)
        return next(shown, RenderReport(remote_id, RenderState.UNREADABLE))

    async def history(self, limit: int) -> History:
        """See `Provider.history`."""
        answer = await self._http.get(HISTORY, {"limit": limit, "offset": 0, "type": "video"})
        history = await asyncio.to_thread(read_history, answer.json(), self._http.base_url, any_link=True)
        return replace(history, said_at=answer.said_at)

    async def models(self) -> JsonValue:
        """Return the models of this module; nothing is requested."""
        return list[JsonValue](MODELS)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()
