"""How a style meets a request: its words go around the member's, its fixed options where the member left them open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.capabilities import Capability, Need
from bot.domain.fields import options_for
from bot.domain.model_choice import Wish
from bot.domain.problems import OptionValue, Problem, Rule
from bot.domain.request import GenerationRequest, excluded_by
from bot.domain.styles import Style, StyleDraft, Wording

STYLE_OPTION = "style"
"""The option of commands that names a style. No field of the provider's is called so."""
_SAME = ({"std", "standard"},)
"""Words of the provider's models that mean the same quality."""


@dataclass(frozen=True, slots=True)
class Styled:
    """A request with a style."""

    request: GenerationRequest
    overruled: Mapping[str, OptionValue]
    """What the style would have set, where the member chose something else."""
    beyond: Mapping[str, OptionValue]
    """What the style would have set, where the model leaves no choice and makes something else."""
    problems: tuple[Problem, ...]
    """Where the model cannot do what the style fixes."""


def with_style(request: GenerationRequest, style: Style, capability: Capability) -> Styled:
    """Return the request with a style. An option that the model does not have, or that is excluded, is passed over."""
    if capability.prompt is Need.NONE:
        unknown = Problem(STYLE_OPTION, style.name, Rule.KNOWN, capability.name)
        return Styled(request, {}, {}, (unknown,))
    specs, excluded = {spec.name: spec for spec in options_for(capability)}, excluded_by(request.values, capability)
    fixed: dict[str, OptionValue] = {}
    overruled: dict[str, OptionValue] = {}
    beyond: dict[str, OptionValue] = {}
    problems: list[Problem] = []
    for option, wanted in style.draft.options.items():
        spec = specs.get(option)
        if spec is None or option in excluded:
            continue
        found = matching_choice(spec.choices, wanted)
        if option not in request.values:
            if found is None and len(spec.choices) == 1:
                beyond[option] = wanted
            elif found is None:
                problems.append(
                    Problem(option, wanted, Rule.FIXED, capability.name, other=style.name, choices=spec.choices)
                )
            else:
                fixed[option] = found
        elif request.values[option] not in (found, wanted):
            overruled[option] = wanted if found is None else found
    wording = Wording(style.name, style.draft.template, frozenset(fixed))
    styled = replace(request, values={**request.values, **fixed}, style=wording)
    return Styled(styled, overruled, beyond, tuple(problems))


def wish_with_style(wish: Wish, style: Style) -> Wish:
    """Return a wish with what a style fixes where the member left it open: it decides which model is chosen."""
    fixed = {option: value for option, value in style.draft.options.items() if getattr(wish, option) is None}
    return replace(wish, **fixed)  # type: ignore[arg-type]  # a style is read with the types of a wish


def unknown_option(draft: StyleDraft, models: Iterable[Capability]) -> tuple[str, str | int] | None:
    """Return an option that a style fixes to what no model takes, with its value; None where there is none."""
    taken: dict[str, list[str | int]] = {}
    for model in models:
        for spec in options_for(model):
            taken.setdefault(spec.name, []).extend(spec.choices)
    return next(
        (
            (option, value)
            for option, value in draft.options.items()
            if matching_choice(taken.get(option, ()), value) is None
        ),
        None,
    )


def matching_choice(choices: Sequence[str | int], wanted: str | int) -> str | int | None:
    """Return the choice that means what a style fixes, whatever its letter case; None where there is none."""
    meant = _meant(wanted)
    return next((choice for choice in choices if _meant(choice) & meant), None)


def _meant(value: str | int) -> set[str]:
    word = str(value).strip().casefold()
    return next((words for words in _SAME if word in words), {word})
