"""What a member asks for: a model and the options chosen for it, from the command to the body that is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Capability
from bot.domain.fields import MODE_WIRE, fields_for, options_for
from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.problems import OptionValue, Problem
from bot.domain.validation import mode_of, problems_in


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


def validate(request: GenerationRequest, capability: Capability) -> tuple[Problem, ...]:
    """Everything that is wrong with the request; empty where the model can do it."""
    return problems_in(request.values, capability)


def complete(
    request: GenerationRequest, capability: Capability, remembered: Mapping[str, JsonValue] | None = None
) -> GenerationRequest:
    """The request with a value for every option that has a default and was left out.

    `remembered` holds the member's last choices by option; one that the model no longer allows is passed over. An
    option that a chosen one excludes stays out, such as the ratio where frames are given.
    """
    excluded = {
        other
        for field, takes in fields_for(capability)
        if any(name in request.values for name in field.names(takes))
        for other in field.not_with
    }
    values = dict(request.values)
    for spec in options_for(capability):
        if spec.default is None or spec.name in values or spec.name in excluded:
            continue
        last = (remembered or {}).get(spec.name)
        # By type first: True equals 1, and is no duration.
        allowed = type(last) is type(spec.default) and (isinstance(last, bool) or last in spec.choices)
        values[spec.name] = last if allowed and isinstance(last, (str, int)) else spec.default
    return replace(request, values=values)


def payload(request: GenerationRequest, capability: Capability) -> JsonObject:
    """The body of the generate request; `request` must have no problems."""
    body: JsonObject = {"model_slug": capability.slug}
    for field, takes in fields_for(capability):
        given = [_wire(request.values[name]) for name in field.names(takes) if name in request.values]
        if given and given != [""]:
            body[field.wire] = given if field.many else given[0]
    if capability.modes:
        body[MODE_WIRE] = mode_of(request.values).value
    return body


def _wire(value: OptionValue) -> JsonValue:
    if isinstance(value, Attachment):
        return value.url
    return value.strip() if isinstance(value, str) else value


def _restored(value: JsonValue) -> OptionValue:
    if isinstance(value, dict):
        return Attachment.from_json(value)
    if isinstance(value, (str, int)):
        return value
    raise ValueError("not a stored option value")
