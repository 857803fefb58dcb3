"""What a member reads while filling in `/video`, and why a model cannot make what was asked for."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.discord_ui.language.speaking import all_of, either, mark, say, say_on
from bot.discord_ui.views.escaping import escape, excerpt
from bot.discord_ui.views.message_limits import CHOICE_MAX, cut
from bot.discord_ui.views.model_words import estimate_words, model_label, shown_name
from bot.discord_ui.views.option_words import value_words
from bot.discord_ui.views.request_words import NOTHING_CHARGED
from bot.discord_ui.views.words import alternatives
from bot.domain.capabilities import Capability
from bot.domain.durations import Durations
from bot.domain.model_choice import Wish, makes, request_for
from bot.domain.pricing import Estimate

TYPED_SHOWN = 60
"""Characters that are shown of what a member typed."""
MODELS_SHOWN = 3
"""Models that a refusal names as examples."""
LENGTHS_SHOWN = 8
"""Lengths that are listed one by one; of more, only the ends are named."""

PICK_ONE = mark("Pick one from the list that appears while you type.")


def no_model(*, from_image: bool) -> str:
    """Say that no model that the member may use makes what was asked for."""
    if from_image:
        reason = say("No model here starts from an image: leave {option} out.", option="`image`")
    else:
        reason = say("No model here makes a video from that.")
    return f"{reason} {say(NOTHING_CHARGED)}"


def choice_label(model: Capability, durations: Durations, *, needs_image: bool) -> str:
    """Return the line of a model in the list: "Veo 3.1 Fast · 100 credits · about 90 s"."""
    label = model_label(model, durations)
    return cut(say_on("choice", "{model} · needs an image", model=label), CHOICE_MAX) if needs_image else label


def option_label(value: str, price: Estimate) -> str:
    """Return the line of a length or a quality in the list, with the price of the whole request."""
    return cut(f"{value} · {estimate_words(price)}", CHOICE_MAX)


def length_words(seconds: int) -> str:
    """Return a length: "8 s"."""
    return say("{number} s", number=seconds)


def unknown_model(typed: str, examples: Sequence[Capability]) -> str:
    """Say that no model is called what was typed, and which ones there are."""
    there_is_none = say("There is no model “{typed}”.", typed=excerpt(typed, TYPED_SHOWN))
    if examples:
        models = _names(examples[:MODELS_SHOWN])
        advice = say("Pick one from the list that appears while you type, for example {models}.", models=models)
    else:
        advice = say(PICK_ONE)
    return f"{there_is_none} {advice} {say(NOTHING_CHARGED)}"


def ambiguous_model(typed: str) -> str:
    """Say that several models have the name that was typed."""
    several = say("Several models are called “{typed}”.", typed=excerpt(typed, TYPED_SHOWN))
    return f"{several} {say(PICK_ONE)} {say(NOTHING_CHARGED)}"


def unfit(model: Capability, wish: Wish, command: Callable[[], str], others: Sequence[Capability]) -> str | None:
    """Say why a model cannot make what was wished for, and what it can do; None where nothing speaks against it.

    `command` names the model's own command, `others` are models that start from an image.
    """
    name = f"**{escape(shown_name(model))}**"
    has_image = wish.image is not None
    if not makes(model, from_image=has_image):
        if makes(model, from_image=not has_image):
            reasons = [_wrong_start(name, others, has_image=has_image)]
        else:
            reasons = [
                say("{model} needs more than a prompt and an image: use {command}.", model=name, command=command())
            ]
    else:
        reasons = list(_wrong_options(name, model, wish))
    return "\n".join([*reasons, say(NOTHING_CHARGED)]) if reasons else None


def quality_words(model: Capability) -> Mapping[str, str]:
    """Return a model's qualities in words, by the provider's own word; that word itself where two would be the same."""
    words = {each: value_words("quality", each) for each in model.quality_modes}
    return words if len(set(words.values())) == len(words) else {each: each for each in words}


def lengths_words(durations: Sequence[int]) -> str:
    """Return lengths as a member reads them: "4, 6 or 8 s", "3 to 15 s"."""
    every_one = len(durations) > 2 and list(durations) == list(range(durations[0], durations[-1] + 1))
    if every_one or len(durations) > LENGTHS_SHOWN:
        return say("{low} to {high} s", low=durations[0], high=durations[-1])
    return say("{lengths} s", lengths=alternatives(durations))


def nearest(durations: Iterable[int], seconds: int) -> tuple[int, ...]:
    """Return the one or two lengths that are nearest to `seconds`, the shorter one first."""
    lengths = sorted(durations)
    below = [length for length in lengths if length <= seconds][-1:]
    above = [length for length in lengths if length > seconds][:1]
    return tuple(below + above)


def _wrong_start(name: str, others: Sequence[Capability], *, has_image: bool) -> str:
    if not has_image:
        return say("{model} starts from an image: attach one as {option}.", model=name, option="`image`")
    if not others:
        return say("{model} does not start from an image.", model=name)
    there_are = _names(others[:MODELS_SHOWN])
    return say("{model} does not start from an image. {others} can.", model=name, others=there_are)


def _wrong_options(name: str, model: Capability, wish: Wish) -> Iterable[str]:
    values = request_for(model, wish).values
    ratio, quality = values.get("aspect_ratio"), values.get("quality")
    if ratio is not None and ratio not in model.aspect_ratios:
        yield _not_among(name, "aspect_ratio", str(ratio), model.aspect_ratios)
    if wish.duration is not None and wish.duration not in model.durations:
        yield _wrong_length(name, model.durations, wish.duration)
    if quality is not None and quality not in model.quality_modes:
        yield _not_among(name, "quality", str(quality), tuple(quality_words(model).values()))


def _not_among(name: str, option: str, given: str, choices: Sequence[str]) -> str:
    if not choices:
        return say("{model} leaves no choice of {option}: leave it out.", model=name, option=f"`{option}`")
    return say(
        "{model} does not take “{given}” for {option}. Possible: {choices}.",
        option=f"`{option}`",
        model=name,
        choices=escape(alternatives(choices)),
        given=excerpt(given, TYPED_SHOWN),
    )


def _wrong_length(name: str, durations: Sequence[int], seconds: int) -> str:
    if not durations:
        return say("{model} leaves no choice of {option}: leave it out.", model=name, option="`duration`")
    makes_these = say(
        "{model} makes {lengths}, not {seconds} s.", model=name, lengths=lengths_words(durations), seconds=seconds
    )
    closest = nearest(durations, seconds)
    if len(durations) <= len(closest):
        return makes_these
    nearest_ones = say("The nearest: {lengths} s.", lengths=all_of([*map(str, closest)]))
    return f"{makes_these} {nearest_ones}"


def _names(models: Sequence[Capability]) -> str:
    return either([f"**{escape(shown_name(model))}**" for model in models])
