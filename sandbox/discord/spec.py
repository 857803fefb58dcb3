"""Checks against Discord's own specification, where there is a copy of it. Nothing else needs it.

`DISCORD_OPENAPI` names the OpenAPI document. By default it is the one that `scripts/discord-spec` puts into the cache.
`discord-gateway-types.schema.json`, the JSON Schema of the types of gateway events, is looked for beside it.
"""

import copy
import json
import os
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from sandbox.discord.model import Json
from sandbox.discord.walk import walk

GATEWAY_NAME = "discord-gateway-types.schema.json"
VIOLATIONS_MAX = 10
LEFT_OUT = {("POST", "/attachments/refresh-urls")}
"""Routes of Discord's that its specification does not name."""
"""How many differences of one request or event are reported."""

EVENT_TYPES = {
    "READY": "Ready",
    "GUILD_CREATE": "GuildCreate",
    "MESSAGE_CREATE": "MessageCreate",
    "THREAD_CREATE": "ThreadCreate",
}
COMMAND_TYPES = {1: "Slash", 3: "ContextMenu"}
"""Names in the gateway schema by a command's type. It has none for the context menu of a user."""

INTERACTION_TYPES = {3: "Component", 4: "Autocomplete", 5: "Modal"}

BIT_FIELDS = ("Flags", "Permissions")
"""Ends of the names of those enumerations that are sets of bits: 0 and combinations are valid, too."""


class _Validator(Protocol):
    def iter_errors(self, instance: Any) -> Any: ...


def default_path() -> Path:
    """Return the path in `DISCORD_OPENAPI`, else the place of the cached copy, whether there is one or not."""
    if named := os.environ.get("DISCORD_OPENAPI"):
        return Path(named)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "reelmaker" / "discord-openapi.json"


class Specification:
    """The checks. Each returns None where there is nothing to check against, else what differs (empty: nothing)."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()
        documents = _documents(self.path)
        self._openapi = documents.openapi
        self._gateway = documents.gateway
        self._validators = documents.validators

    @property
    def is_present(self) -> bool:
        """Whether requests are checked."""
        return self._openapi is not None

    @property
    def state(self) -> str:
        """A sentence for people that says what is checked, or what is missing for it."""
        if self._openapi is not None:
            events = "requests and events" if self._gateway is not None else "requests"
            return f"{events} are checked against {self.path}"
        if find_spec("jsonschema_rs") is None:
            return "nothing is checked: the package jsonschema-rs is not installed"
        return f"nothing is checked: there is no {self.path}; scripts/discord-spec fetches it"

    def check_request(self, method: str, path: str, body: Any) -> list[str] | None:
        """Check a request of the bot.

        `path` is the one below /api/v10. For a multipart request `body` is what `payload_json` held.
        """
        operation = self._operation(method, path)
        if self._openapi is None or (method, path) in LEFT_OUT:
            return None
        if operation is None:
            return [f"{method} {path} is not in the specification"]
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return [] if body is None else ["the specification has no body here"]
        schema = content["application/json"]["schema"]
        return self._check(f"{method} {_template(self._openapi, path)}", schema, _tolerated(body))

    def check_response(self, method: str, path: str, status: int, body: Any) -> list[str] | None:
        """Check an answer of the sandbox itself."""
        operation = self._operation(method, path)
        if self._openapi is None or operation is None:
            return None
        content = operation["responses"].get(str(status), {}).get("content", {})
        if "application/json" not in content:
            return None
        schema = content["application/json"]["schema"]
        return self._check(f"{method} {_template(self._openapi, path)} {status}", schema, body)

    def check_event(self, name: str, data: Any) -> list[str] | None:
        """Check an event for the bot. Only those that the schema describes well are checked."""
        type_name = EVENT_TYPES.get(name)
        if name == "INTERACTION_CREATE":
            type_name = _interaction_type(data)
        if self._gateway is None or type_name is None:
            return None
        key = f"event {type_name}"
        if key not in self._validators:
            self._validators[key] = _compile({**self._gateway, "$ref": f"#/definitions/{type_name}"})
        return _messages(self._validators[key], data)

    def _operation(self, method: str, path: str) -> Json | None:
        if self._openapi is None:
            return None
        template = _template(self._openapi, path)
        operation: Json | None = self._openapi["paths"].get(template, {}).get(method.lower())
        return operation

    def _check(self, key: str, schema: Json, body: Any) -> list[str]:
        if key not in self._validators:
            components = self._openapi["components"] if self._openapi else {}
            self._validators[key] = _compile({**schema, "components": components})
        return _messages(self._validators[key], body)


@dataclass(frozen=True, slots=True)
class _Documents:
    openapi: Json | None
    gateway: Json | None
    validators: dict[str, _Validator] = field(default_factory=dict)


@cache
def _documents(path: Path) -> _Documents:
    """Read both documents, once in a process.

    The validators made from them are kept, too. Reading and making them takes longer than the start of a sandbox.
    """
    if find_spec("jsonschema_rs") is None:
        return _Documents(None, None)
    gateway = _load(path.with_name(GATEWAY_NAME))
    if gateway is not None:
        _relax_bit_fields(gateway)
    openapi = _load(path)
    if openapi is not None:
        _add_forwards(openapi)
    return _Documents(openapi, gateway)


def _load(path: Path) -> Json | None:
    if not path.is_file():
        return None
    document: Json = json.loads(path.read_text())
    return document


def _add_forwards(openapi: Json) -> None:
    """Let a reference be a forward: Discord's documentation and gateway have type 1, its OpenAPI document only 0."""
    openapi["components"]["schemas"]["MessageReferenceType"] = {"type": "integer", "enum": [0, 1]}


def _compile(schema: Json) -> _Validator:
    # A development dependency: without it there is no specification, see `_documents`.
    import jsonschema_rs  # noqa: PLC0415 - only where wanted

    return jsonschema_rs.validator_for(schema)


def _messages(validator: _Validator, body: Any) -> list[str]:
    found = []
    for error in validator.iter_errors(body):
        found.append(f"{'/'.join(str(part) for part in error.instance_path) or 'body'}: {error.message[:300]}")
        if len(found) == VIOLATIONS_MAX:
            break
    return found


def _template(openapi: Json, path: str) -> str | None:
    """Return the specification's path that `path` falls under; literal parts win over placeholders."""
    parts = path.strip("/").split("/")
    best: tuple[int, str] | None = None
    for template in openapi["paths"]:
        wanted = template.strip("/").split("/")
        if len(wanted) != len(parts):
            continue
        literal = sum(1 for want, part in zip(wanted, parts, strict=True) if want == part)
        placeholders = sum(1 for want in wanted if want.startswith("{"))
        if literal + placeholders == len(parts) and (best is None or literal > best[0]):
            best = literal, template
    return None if best is None else best[1]


def _interaction_type(data: Any) -> str | None:
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == 2:
        return COMMAND_TYPES.get(data["data"].get("type"))
    return INTERACTION_TYPES.get(kind or 0)


def _tolerated(body: Any) -> Any:
    """Return a copy without the deviations that Discord accepts from every client.

    They are ids as integers (attachments, recipients, mentions, references, default values of selects), `nsfw` on
    commands, and `tts` on edits and callbacks.
    """
    body = copy.deepcopy(body)
    objects = body if isinstance(body, list) else [body]
    for item in [entry for entry in objects if isinstance(entry, dict)]:
        for holder in (item, item.get("data")):
            if isinstance(holder, dict):
                _tolerate_one(holder)
    return body


def _tolerate_one(holder: Json) -> None:
    holder.pop("nsfw", None)
    holder.pop("tts", None)
    _ids_to_text(holder, "recipient_id")
    for attachment in holder.get("attachments") or ():
        if isinstance(attachment, dict):
            _ids_to_text(attachment, "id")
    if isinstance(allowed := holder.get("allowed_mentions"), dict):
        for key in ("users", "roles"):
            if isinstance(allowed.get(key), list):
                allowed[key] = [str(value) if isinstance(value, int) else value for value in allowed[key]]
    components = holder.get("components")
    for _, component in walk(components if isinstance(components, list) else []):
        for value in component.get("default_values") or ():
            _ids_to_text(value, "id")
    if isinstance(reference := holder.get("message_reference"), dict):
        _ids_to_text(reference, "message_id", "channel_id", "guild_id")


def _ids_to_text(holder: Json, *keys: str) -> None:
    for key in keys:
        if isinstance(holder.get(key), int):
            holder[key] = str(holder[key])


def _relax_bit_fields(schema: Json) -> None:
    for name, definition in schema["definitions"].items():
        if name.endswith(BIT_FIELDS):
            definition.pop("enum", None)
            definition.pop("const", None)
            definition["type"] = ["integer", "string"]
