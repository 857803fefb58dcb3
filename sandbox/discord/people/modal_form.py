"""Filling in a modal as Discord's client does: every required field, within its bounds."""

from collections.abc import Mapping
from typing import Any

from sandbox.discord.model import Json
from sandbox.discord.people.refusal import ClientRefused
from sandbox.discord.people.resolved import Resolver
from sandbox.discord.walk import ComponentType, walk

C = ComponentType
TEXT_INPUT_CHARACTERS_MAX = 4000


class ModalForm:
    """A modal that the bot opened for a person."""

    def __init__(self, modal: Json, resolver: Resolver) -> None:
        self._modal = modal
        self._resolver = resolver

    def submit(self, values: Mapping[str, Any]) -> Json:
        """Return the interaction's data. `values` are by custom_id; a field left out keeps what it was shown with.

        Raises `ClientRefused` for what the client would not let the person send.
        """
        fields = {c["custom_id"] for _, c in walk(self._modal["components"]) if "custom_id" in c}
        if unknown := set(values) - fields:
            raise ClientRefused(f"the modal has no field {sorted(unknown)}")
        components = [self._submitted(component, values) for component in self._modal["components"]]
        data: Json = {"custom_id": self._modal["custom_id"], "components": components}
        if self._resolver.payload:
            data["resolved"] = self._resolver.payload
        return data

    def _submitted(self, component: Json, values: Mapping[str, Any]) -> Json:
        kind = component["type"]
        result: Json = {"type": kind, "id": component.get("id", 0)}
        if kind == C.LABEL:
            return result | {"component": self._submitted(component["component"], values)}
        if kind == C.ACTION_ROW:
            return result | {"components": [self._submitted(child, values) for child in component["components"]]}
        if kind == C.TEXT_DISPLAY:
            return result
        custom_id = component["custom_id"]
        try:
            return result | {"custom_id": custom_id} | self._value(component, values.get(custom_id))
        except ClientRefused as refusal:
            raise ClientRefused(f"field {custom_id!r}: {refusal}") from None

    def _value(self, component: Json, value: Any) -> Json:
        kind = component["type"]
        required = component.get("required", True)
        if kind == C.TEXT_INPUT:
            return {"value": _text(component, value, required)}
        if kind == C.CHECKBOX:
            return {"value": bool(component.get("default") if value is None else value)}
        if kind == C.RADIO_GROUP:
            return {"value": _radio(component, value, required)}
        chosen = [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]
        if value is None and kind in (C.STRING_SELECT, C.CHECKBOX_GROUP):
            chosen = [option["value"] for option in component["options"] if option.get("default")]
        ids = choose(component, chosen, self._resolver)
        if required and not ids:
            raise ClientRefused("is required")
        return {"values": ids}


def choose(component: Json, chosen: list[Any], resolver: Resolver) -> list[str]:
    """Return the values of a select, an upload or a group of checkboxes.

    Raises `ClientRefused` if they may not be chosen.
    """
    kind = component["type"]
    low = component.get("min_values")
    if low is None:
        low = 0 if component.get("required") is False else 1
    default_high = len(component.get("options", [])) if kind == C.CHECKBOX_GROUP else 1
    high = component.get("max_values") or default_high
    if not low <= len(chosen) <= high and (chosen or component.get("required") is not False):
        raise ClientRefused(f"{low} to {high} may be chosen, not {len(chosen)}")
    if "options" in component:
        offered = {option["value"] for option in component["options"]}
        if wrong := [value for value in chosen if value not in offered]:
            raise ClientRefused(f"{wrong[0]!r} is none of {sorted(offered)}")
        return [str(value) for value in chosen]
    if kind == C.CHANNEL_SELECT:
        return [resolver.channel(value, component.get("channel_types")) for value in chosen]
    resolve = {
        C.USER_SELECT: resolver.user,
        C.ROLE_SELECT: resolver.role,
        C.MENTIONABLE_SELECT: resolver.mentionable,
        C.FILE_UPLOAD: resolver.attachment,
    }[C(kind)]
    return [resolve(value) for value in chosen]


def _text(component: Json, value: Any, required: bool) -> str:
    text = str(component.get("value") or "" if value is None else value)
    if not text:
        if required:
            raise ClientRefused("is required")
        return text
    low = component.get("min_length") or 0
    high = component.get("max_length") or TEXT_INPUT_CHARACTERS_MAX
    if not low <= len(text) <= high:
        raise ClientRefused(f"must have {low} to {high} characters, not {len(text)}")
    return text


def _radio(component: Json, value: Any, required: bool) -> str | None:
    if value is None:
        value = next((option["value"] for option in component["options"] if option.get("default")), None)
    if value is None:
        if required:
            raise ClientRefused("is required")
        return None
    if value not in {option["value"] for option in component["options"]}:
        raise ClientRefused(f"{value!r} is not offered")
    return str(value)
