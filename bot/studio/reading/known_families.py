"""Facts about model families from the provider's documentation.

They fill in what a catalogue entry does not state; what the entry states always wins. A documented model card has
aspect ratios, durations, quality modes, inputs and credits, so none of these is listed here. A capability names the
facts that came from here in `assumed`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain.capabilities import NO_INPUT, Audio, Count, Mode, Need, Span

DIRECTORY_DISCOUNT = 10
"""Credits taken off for sharing in the provider's directory: the only figure that the documentation names."""


@dataclass(frozen=True, slots=True)
class Family:
    """Facts for models whose slug, engine or name matches `pattern`. Keys are fields of `Capability` or `Price`."""

    pattern: re.Pattern[str]
    facts: Mapping[str, Any]


def _family(pattern: str, **facts: Any) -> Family:
    return Family(re.compile(rf"\b{pattern}\b"), facts)


# Source: the provider's documentation, except the counts of references, which are not documented.
# A fact is taken from the first matching entry that has it, so special models come before their family.
FAMILIES = (
    _family("storyboard", prompt=Need.OPTIONAL),
    _family(
        "motion control",
        orientations=("video", "image"),
        clip_seconds=Span(3, 30),
        images=Count(1, 1),
        videos=Count(1, 1),
        prompt_max=2500,
        audio=Audio.NONE,
        share=False,
        share_discount=0,
        start_end_frames=False,
    ),
    _family(
        "kling 3 0",
        start_end_frames=True,
        images=Count(0, 1),
        audio=Audio.OPTIONAL,
        prompt_max=2500,
        share=True,
        share_discount=DIRECTORY_DISCOUNT,
    ),
    _family(
        "kling 2 6",
        images=Count(0, 1),
        audio=Audio.OPTIONAL,
        sound_factor=Decimal(2),
        prompt_max=2500,
        share=True,
        share_discount=DIRECTORY_DISCOUNT,
    ),
    _family(
        "seedance 2",
        modes=tuple(Mode),
        images=NO_INPUT,
        videos=NO_INPUT,
        reference_images=Count(0, 4),
        reference_videos=Count(0, 1),
        reference_audios=Count(0, 1),
        return_last_frame=True,
    ),
    _family("seedance 1 5", images=Count(0, 2), audio=Audio.OPTIONAL),
    _family("veo ?3 ?1", images=Count(0, 2), audio=Audio.NATIVE, prompt_max=5000),
    _family("wan 2 6 (?:v2v|video remix|remix)", videos=Count(1, 1), images=NO_INPUT, audio=Audio.NATIVE),
    _family("wan 2 6", images=Count(0, 1), audio=Audio.NATIVE),
    _family("hailuo 2 3", images=Count(1, 1), prompt_max=5000),
    _family("sora 2", prompt_max=5000),
    _family("grok imagine", prompt_max=5000),
)


def known_facts(*names: str) -> dict[str, Any]:
    """Return all facts that are documented for a model with this slug, engine and name."""
    described = " . ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).strip() for name in names)
    facts: dict[str, Any] = {}
    for family in FAMILIES:
        if family.pattern.search(described):
            facts = {**family.facts, **facts}
    return facts
