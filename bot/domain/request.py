"""What a member asks for: a model and the options chosen for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.attachments import Attachment
from bot.domain.json_value import JsonObject, JsonValue

OptionValue: TypeAlias = str | int | bool | Attachment


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """`values` are keyed by option name (`bot.domain.fields`); options that were not chosen are absent."""

    model_slug: str
    values: Mapping[str, OptionValue]

    @property
    def prompt(self) -> str:
        """The prompt's text, empty where there is none."""
        prompt = self.values.get("prompt")
        return prompt if isinstance(prompt, str) else ""

    def to_json(self) -> JsonObject:
        values: JsonObject = {
            name: value.to_json() if isinstance(value, Attachment) else value for name, value in self.values.items()
        }
        return {"model_slug": self.model_slug, "values": values}

    @classmethod
    def from_json(cls, stored: Mapping[str, JsonValue]) -> "GenerationRequest":
        """The request that `to_json` wrote."""
        slug, values = stored["model_slug"], stored["values"]
        if not isinstance(slug, str) or not isinstance(values, dict):
            raise ValueError("not a stored generation request")
        return cls(slug, {name: _restored(value) for name, value in values.items()})


def _restored(value: JsonValue) -> OptionValue:
    if isinstance(value, dict):
        return Attachment.from_json(value)
    if isinstance(value, (str, int)):
        return value
    raise ValueError("not a stored option value")
