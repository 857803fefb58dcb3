"""What a render will cost, estimated before it is sent from the prices that the provider states."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Audio, Capability
from bot.domain.fields import OptionKind, options_for
from bot.domain.prices import Rate
from bot.domain.problems import OptionValue
from bot.domain.request import GenerationRequest
from bot.domain.validation import clip_seconds_max

UNPRICED_CREDITS = 600
"""Credits held for a model without any stated price: the dearest render that the provider's pages price (Kling 3.0, 15
seconds, pro, with sound)."""

LONGEST_SECONDS = 30
"""Seconds assumed where a model's lengths are not stated: the longest on the provider's pages."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """`credits` for one render. Where it is not `certain`, it is the most that is known to be possible: say so."""

    credits: int
    certain: bool


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """The lowest and the highest price of a model, in credits, over everything that can be chosen.

    Where it is not `certain`, `highest` is the most that is known to be possible.
    """

    lowest: int
    highest: int
    certain: bool


def price_span(capability: Capability, fixed: Mapping[str, OptionValue] | None = None) -> PriceSpan:
    """Return the span of a model's price over everything that can be chosen beside `fixed`, which is by option."""
    return _span(capability, tuple((fixed or {}).items()))


@lru_cache(maxsize=4_096)
def _span(capability: Capability, given: tuple[tuple[str, OptionValue], ...]) -> PriceSpan:
    # Remembered: lists of models ask for it at every key press, and descriptions of commands in every language.
    fixed = dict(given)
    choices: dict[str, list[OptionValue]] = {}
    for spec in options_for(capability):
        if spec.name in fixed:
            choices[spec.name] = [fixed[spec.name]]
        elif spec.kind is OptionKind.INTEGER and spec.choices:
            choices[spec.name] = [spec.choices[0], spec.choices[-1]]
        elif spec.name == "quality":
            choices[spec.name] = list(spec.choices)
        elif spec.name == "sound":
            choices[spec.name] = [False, True]
    estimates = [
        estimate(capability, GenerationRequest(capability.slug, dict(zip(choices, values, strict=True))))
        for values in product(*choices.values())
    ]
    credits = [each.credits for each in estimates]
    return PriceSpan(min(credits), max(credits), all(each.certain for each in estimates))


def estimate(capability: Capability, request: GenerationRequest) -> Estimate:
    """Return the price of a valid request. What the provider charges in the end is its own figure."""
    rates, values = capability.price.rates, request.values
    if not rates:
        return Estimate(UNPRICED_CREDITS, certain=False)
    seconds, longest = _seconds(capability, request), _longest(capability, request)
    sound = capability.audio is Audio.NATIVE or values.get("sound") is True
    fitting = [
        rate
        for rate in rates
        if rate.quality in (None, values.get("quality"))
        and rate.duration in (None, seconds)
        and rate.sound in (None, sound)
    ]
    # The rate that was stated for most of these very choices; where several claim that, the dearest is held.
    closest = max((rate.conditions for rate in fitting), default=0)
    best = [rate for rate in fitting if rate.conditions == closest]
    if best and all(_says_enough(rate, rates) for rate in best):
        amounts = {_amount(rate, capability, seconds or longest, sound) for rate in best}
        length_matters = seconds is None and any(rate.per_second for rate in best)
        certain = capability.price.understood and len(amounts) == 1 and not length_matters
    else:
        amounts = {_amount(rate, capability, longest, sound=True) for rate in rates}
        certain = False
    discount = capability.price.share_discount if values.get("share") is True else 0
    return Estimate(max(0, math.ceil(max(amounts)) - discount), certain)


def _says_enough(rate: Rate, rates: Sequence[Rate]) -> bool:
    """Return whether a rate is as specific as this model's prices are."""
    return (rate.quality is not None or all(other.quality is None for other in rates)) and (
        rate.duration is not None or all(other.duration is None for other in rates)
    )


def _amount(rate: Rate, capability: Capability, seconds: int, sound: bool) -> Decimal:
    amount = rate.credits * (seconds if rate.per_second else 1)
    by_choice = sound and capability.audio is Audio.OPTIONAL and rate.sound is None
    return amount * capability.price.sound_factor if by_choice else amount


def _seconds(capability: Capability, request: GenerationRequest) -> int | None:
    """Return the length in seconds that is paid for; None where it is not known yet."""
    if capability.clip_seconds is not None:
        # Provider docs: motion control is priced by the length of the driving clip.
        clip = request.values.get("video")
        return math.ceil(clip.duration) if isinstance(clip, Attachment) and clip.duration is not None else None
    if len(capability.durations) == 1:
        return capability.durations[0]
    chosen = request.values.get("duration")
    return chosen if isinstance(chosen, int) else None


def _longest(capability: Capability, request: GenerationRequest) -> int:
    if capability.clip_seconds is not None:
        return clip_seconds_max(request.values, capability) or capability.clip_seconds.maximum
    return max(capability.durations, default=LONGEST_SECONDS)
