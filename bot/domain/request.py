"""Generation requests: from the member's options to the body of the provider's generate request."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Capability
from bot.domain.cast import digest_in
from bot.domain.fields import MODE_WIRE, OptionSpec, fields_for, options_for
from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.problems import OptionValue, Problem, Rule
from bot.domain.styles import Wording
from bot.domain.validation import mode_of, problems_in


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A model and the options chosen for it. `values` has option names (`bot.domain.fields`) as keys."""

    model_slug: str
    values: Mapping[str, OptionValue]
    style: Wording | None = None
    """The words of a style that go around the prompt."""

    @property
    def prompt(self) -> str:
        """The member's own words, or an empty string if there are none."""
        prompt = self.values.get("prompt")
        return prompt if isinstance(prompt, str) else ""

    @property
    def whole_prompt(self) -> str:
        """What the provider is sent: the member's own words, within those of the style if there is one."""
        return self.prompt if self.style is None else self.style.around(self.prompt)

    @property
    def has_files(self) -> bool:
        """Whether any option is an attached file."""
        return any(isinstance(value, Attachment) for value in self.values.values())

    @property
    def has_members_files(self) -> bool:
        """Whether any file is a member's, attached or saved; those that the bot itself makes do not count."""
        files = [value for value in self.values.values() if isinstance(value, Attachment)]
        return any(not file.on_card or digest_in(file) is not None for file in files)

    def to_json(self) -> JsonObject:
        """Return the request as JSON, for storage."""
        values: JsonObject = {
            name: value.to_json() if isinstance(value, Attachment) else value for name, value in self.values.items()
        }
        stored: JsonObject = {"model_slug": self.model_slug, "values": values}
        if self.style is not None:
            stored["style"] = self.style.to_json()
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, JsonValue]) -> "GenerationRequest":
        """Return the request that `to_json` wrote. Raises ValueError for anything else."""
        slug, values = stored["model_slug"], stored["values"]
        if not isinstance(slug, str) or not isinstance(values, dict):
            raise ValueError("not a stored generation request")
        style = stored.get("style")
        wording = Wording.from_json(style) if isinstance(style, dict) else None
        return cls(slug, {name: _restored(value) for name, value in values.items()}, wording)


def validate(request: GenerationRequest, capability: Capability) -> tuple[Problem, ...]:
    """Return everything that is wrong with the request; empty if the model can do it."""
    return problems_in(request.values, capability) or tuple(_too_long_with_style(request, capability))


def _too_long_with_style(request: GenerationRequest, capability: Capability) -> Iterator[Problem]:
    style, longest = request.style, capability.prompt_max
    if style is not None and longest is not None and len(request.whole_prompt) > longest:
        room = longest - style.characters
        yield Problem("prompt", request.prompt, Rule.LENGTH_WITH_STYLE, capability.name, other=style.name, most=room)


def complete(
    request: GenerationRequest, capability: Capability, remembered: Mapping[str, JsonValue] | None = None
) -> GenerationRequest:
    """Return the request with a value for every omitted option that has a default.

    `remembered` holds the member's last choices by option name; a choice that the model does not allow is ignored.
    An option that is excluded by a chosen one is not filled in, such as the aspect ratio when frames are given.
    """
    excluded = excluded_by(request.values, capability)
    values = dict(request.values)
    for spec in options_for(capability):
        if spec.default is None or spec.name in values or spec.name in excluded:
            continue
        last = (remembered or {}).get(spec.name)
        # By type first: True equals 1, and is no duration.
        allowed = type(last) is type(spec.default) and (isinstance(last, bool) or last in spec.choices)
        usual = last if allowed and isinstance(last, (str, int)) else spec.default
        values[spec.name] = _fitting_ratio(spec, request) or usual
    return replace(request, values=values)


def excluded_by(values: Mapping[str, OptionValue], capability: Capability) -> frozenset[str]:
    """Return the options that cannot be combined with what is given, by the names of their fields."""
    return frozenset(
        other
        for field, takes in fields_for(capability)
        if any(name in values for name in field.names(takes))
        for other in field.not_with
    )


def _fitting_ratio(spec: OptionSpec, request: GenerationRequest) -> str | int | None:
    """Return the ratio for a request that starts from a file: "Auto" if the model has it, else the image's nearest.

    A last choice may not fit the file. Returns None where nothing is known of the file.
    """
    if spec.name != "aspect_ratio" or not request.has_files:
        return None
    automatic = next((choice for choice in spec.choices if str(choice).lower() == "auto"), None)
    if automatic is not None:
        return automatic
    start = next((request.values[name] for name in ("image", "first_frame") if name in request.values), None)
    if not isinstance(start, Attachment) or not start.width or not start.height:
        return None
    wanted = start.width / start.height
    ratios = {choice: ratio for choice in spec.choices if (ratio := _width_to_height(str(choice))) is not None}
    return min(ratios, key=lambda choice: abs(log(ratios[choice] / wanted)), default=None)


def _width_to_height(words: str) -> float | None:
    width, _, height = words.partition(":")
    if not (width.isdecimal() and height.isdecimal()) or not int(width) or not int(height):
        return None
    return int(width) / int(height)


def payload(request: GenerationRequest, capability: Capability) -> JsonObject:
    """Return the body of the generate request. `request` must have no problems (`validate`)."""
    body: JsonObject = {"model_slug": capability.slug}
    values = request.values if request.style is None else {**request.values, "prompt": request.whole_prompt}
    for field, takes in fields_for(capability):
        given = [_wire(values[name]) for name in field.names(takes) if name in values]
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
