"""How a model is named, priced and timed for members.

All functions are pure. `Durations` come from `services.jobs.durations_of(slug)`.
"""

from bisect import bisect
from collections.abc import Mapping
from itertools import pairwise
from math import sqrt
from textwrap import shorten

from bot.discord_ui.language.speaking import say, say_many, say_on
from bot.discord_ui.views.message_limits import CHOICE_MAX, DESCRIPTION_MAX, clean, cut, length
from bot.discord_ui.views.quota_words import amount_words
from bot.domain.capabilities import Capability
from bot.domain.durations import Durations
from bot.domain.pricing import Estimate, price_span
from bot.domain.problems import OptionValue

NAME_SHOWN = 80
"""Characters of a model's name that are shown."""
USUAL_FROM, USUAL_TO = 0.2, 0.8
"""The usual time lies between these shares of a model's renders: three of five take that long."""
WIDE = 2.0
"""A range whose end is more than this many times its beginning says less than one number."""
STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1_200, 1_800, 2_700, 3_600)
"""Seconds that "about …" may name. They are far apart, so that the words seldom change while durations are learned."""

_BOUNDARIES = [sqrt(low * high) for low, high in pairwise(STEPS)]


def shown_name(model: Capability) -> str:
    """Return a model's name for people, in one line. Escape it where Discord reads markdown."""
    return cut(model.name, NAME_SHOWN)


def price_words(model: Capability, fixed: Mapping[str, OptionValue] | None = None) -> str:
    """Return the price, or its span over everything that can be chosen: "100 credits", "60 to 600 credits".

    `fixed` holds choices that are made already, by option.
    """
    span = price_span(model, fixed)
    if not span.certain:
        return at_most_credits(span.highest)
    if span.lowest == span.highest:
        return amount_words(span.highest)
    return say_many("{lowest} to {count} credit", "{lowest} to {count} credits", span.highest, lowest=span.lowest)


def estimate_words(price: Estimate) -> str:
    """Return what a request costs: "100 credits", "at most 100 credits"."""
    return amount_words(price.credits) if price.certain else at_most_credits(price.credits)


def at_most_credits(amount: int) -> str:
    """Return the highest price that is possible: "at most 100 credits"."""
    return say_many("at most {count} credit", "at most {count} credits", amount)


def usual_time(durations: Durations) -> str:
    """Return how long a model usually takes: "50-70 s", or "about 90 s" where that is not known more closely."""
    low, high = durations.quantile(USUAL_FROM), durations.quantile(USUAL_TO)
    if high > WIDE * low:
        return about_time(durations)
    low, high = _rounded(low), _rounded(high)
    if low == high:
        return say("about {time}", time=_clock(low))
    if high < _MINUTES_FROM:
        return say("{low}-{high} s", low=low, high=high)
    if low >= _MINUTES_FROM:
        return say("{low}-{high} min", low=round(low / 60), high=round(high / 60))
    return say("{low} to {high}", low=_clock(low), high=_clock(high))


def about_time(durations: Durations) -> str:
    """Return a model's mean time as the nearest of STEPS: "about 90 s"."""
    return say("about {time}", time=_clock(STEPS[bisect(_BOUNDARIES, durations.mean)]))


def model_label(model: Capability, durations: Durations) -> str:
    """Return one line for a choice, "Veo 3.1 Fast · 100 credits · about 90 s", within Discord's limit of a choice."""
    facts = f" · {price_words(model)} · {usual_time(durations)}"
    return f"{cut(model.name, CHOICE_MAX - length(facts))}{facts}"


def command_description(model: Capability, durations: Durations) -> str:
    """Return what a member reads beside a command: "Veo 3.1 Fast: 100 credits, about 90 s. Fast clips from text.".

    The time is one of STEPS, so that the commands are seldom sent to Discord for it.
    """
    price, time = price_words(model), about_time(durations)
    # Translators: what a member reads beside a command, in 100 characters: the name of a model, its price and its time.
    facts = say_on("command", "{model}: {price}, {time}.", model="", price=price, time=time)
    name = cut(model.name, DESCRIPTION_MAX - length(facts))
    described = cut(say_on("command", "{model}: {price}, {time}.", model=name, price=price, time=time), DESCRIPTION_MAX)
    room = DESCRIPTION_MAX - length(described)
    about = shorten(clean(model.description), max(room - 1, 1), placeholder="…", break_on_hyphens=False)
    return f"{described} {about}" if len(about) > 1 and length(about) < room else described


_MINUTES_FROM = 120
"""From so many seconds on, a time is told in minutes."""


def _clock(seconds: float) -> str:
    if seconds < _MINUTES_FROM:
        return say("{number} s", number=round(seconds))
    return say("{number} min", number=round(seconds / 60))


def _rounded(seconds: float) -> int:
    """Return seconds that a reader takes in at a glance."""
    step = 1 if seconds < 10 else 5 if seconds < 30 else 10 if seconds < _MINUTES_FROM else 60
    return max(1, round(seconds / step) * step)
