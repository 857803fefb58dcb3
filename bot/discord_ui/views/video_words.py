"""What a member reads while filling in `/video`, and why a model cannot make what was asked for."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.discord_ui.views.escaping import escape, excerpt
from bot.discord_ui.views.message_limits import CHOICE_MAX, cut
from bot.discord_ui.views.model_words import model_label, shown_name
from bot.discord_ui.views.option_words import value_words
from bot.discord_ui.views.quota_words import amount_words
from bot.discord_ui.views.request_words import NOTHING_CHARGED
from bot.domain.capabilities import Capability
from bot.domain.durations import Durations
from bot.domain.model_choice import Wish, makes, request_for
from bot.domain.pricing import Estimate
from bot.domain.problems import one_of

TYPED_SHOWN = 60
"""Characters that are shown of what a member typed."""
MODELS_SHOWN = 3
"""Models that a refusal names as examples."""
LENGTHS_SHOWN = 8
"""Lengths that are listed one by one; of more, only the ends are named."""

NO_MODEL_HERE = f"No model here makes a video from that. {NOTHING_CHARGED}"
NO_MODEL_FROM_IMAGE = f"No model here starts from an image: leave `image` out. {NOTHING_CHARGED}"


def choice_label(model: Capability, durations: Durations, *, needs_image: bool) -> str:
    """Return the line of a model in the list: "Veo 3.1 Fast · 100 credits · about 90 s"."""
    label = model_label(model, durations)
    return cut(f"{label} · needs an image", CHOICE_MAX) if needs_image else label


def option_label(value: str, price: Estimate) -> str:
    """Return the line of a length or a quality in the list, with the price of the whole request."""
    at_most = "" if price.certain else "at most "
    return cut(f"{value} · {at_most}{amount_words(price.credits)}", CHOICE_MAX)


def unknown_model(typed: str, examples: Sequence[Capability]) -> str:
    """Say that no model is called what was typed, and which ones there are."""
    there_are = _names(examples[:MODELS_SHOWN])
    such_as = f", for example {there_are}" if there_are else ""
    return (
        f"There is no model “{excerpt(typed, TYPED_SHOWN)}”. "
        f"Pick one from the list that appears while you type{such_as}. {NOTHING_CHARGED}"
    )


def ambiguous_model(typed: str) -> str:
    """Say that several models have the name that was typed."""
    return (
        f"Several models are called “{excerpt(typed, TYPED_SHOWN)}”. "
        f"Pick one from the list that appears while you type. {NOTHING_CHARGED}"
    )


def unfit(model: Capability, wish: Wish, command: Callable[[], str], others: Sequence[Capability]) -> str | None:
    """Say why a model cannot make what was wished for, and what it can do; None where nothing speaks against it.

    `command` returns the mention of the model's own command, `others` are models that start from an image.
    """
    name = f"**{escape(shown_name(model))}**"
    has_image = wish.image is not None
    if not makes(model, from_image=has_image):
        if makes(model, from_image=not has_image):
            reasons = [_wrong_start(name, others, has_image=has_image)]
        else:
            reasons = [f"{name} needs more than a prompt and an image: use {command()}."]
    else:
        reasons = list(_wrong_options(name, model, wish))
    return "\n".join([*reasons, NOTHING_CHARGED]) if reasons else None


def quality_words(model: Capability) -> Mapping[str, str]:
    """Return a model's qualities in words, by the provider's own word; that word itself where two would be the same."""
    words = {each: value_words("quality", each) for each in model.quality_modes}
    return words if len(set(words.values())) == len(words) else {each: each for each in words}


def lengths_words(durations: Sequence[int]) -> str:
    """Return lengths as a member reads them: "4, 6 or 8 s", "3 to 15 s"."""
    every_one = len(durations) > 2 and list(durations) == list(range(durations[0], durations[-1] + 1))
    if every_one or len(durations) > LENGTHS_SHOWN:
        return f"{durations[0]} to {durations[-1]} s"
    return f"{one_of(durations)} s"


def nearest(durations: Iterable[int], seconds: int) -> tuple[int, ...]:
    """Return the one or two lengths that are nearest to `seconds`, the shorter one first."""
    lengths = sorted(durations)
    below = [length for length in lengths if length <= seconds][-1:]
    above = [length for length in lengths if length > seconds][:1]
    return tuple(below + above)


def _wrong_start(name: str, others: Sequence[Capability], *, has_image: bool) -> str:
    if not has_image:
        return f"{name} starts from an image: attach one as `image`."
    there_are = _names(others[:MODELS_SHOWN])
    return f"{name} does not start from an image." + (f" {there_are} can." if there_are else "")


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
        return f"{name} leaves no choice of `{option}`: leave it out."
    return f"`{option}` of {name} is {escape(one_of(choices))}, not “{excerpt(given, TYPED_SHOWN)}”."


def _wrong_length(name: str, durations: Sequence[int], seconds: int) -> str:
    if not durations:
        return f"{name} leaves no choice of `duration`: leave it out."
    makes_these = f"{name} makes {lengths_words(durations)}, not {seconds:,} s."
    closest = nearest(durations, seconds)
    if len(durations) <= len(closest):
        return makes_these
    return f"{makes_these} The nearest: {' and '.join(map(str, closest))} s."


def _names(models: Sequence[Capability]) -> str:
    names = [f"**{escape(shown_name(model))}**" for model in models]
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
