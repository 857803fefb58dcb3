from dataclasses import replace
from decimal import Decimal

import pytest

from bot.discord_ui.views.message_limits import DESCRIPTION_MAX, length
from bot.discord_ui.views.option_words import choice_words, option_words
from bot.domain.capabilities import Audio, Capability, Count, Need
from bot.domain.fields import options_for
from bot.domain.prices import Price, Rate
from tests.discord_ui.catalogues import KLING, MOTION_CONTROL, SEEDANCE_2, VEO_FAST, WAN_REMIX, awkward, plain

STORYBOARD = plain("sora", "Sora", "Sora", prompt=Need.OPTIONAL, images=Count(0, 8))
DEARER_WITH_SOUND = replace(KLING, price=Price((Rate(Decimal(20), per_second=True),), sound_factor=Decimal(2)))
SAME_PRICE = plain("a", "A", "A", audio=Audio.OPTIONAL, quality_modes=("std", "pro"))
BY_LENGTH = replace(plain("b", "B", "B"), price=Price((Rate(Decimal(55), duration=5), Rate(Decimal(110), duration=10))))


def words(model: Capability, option: str) -> str:
    return option_words(model, next(spec for spec in options_for(model) if spec.name == option))


def labels(model: Capability, option: str) -> list[str]:
    return list(choice_words(model, next(spec for spec in options_for(model) if spec.name == option)).values())


@pytest.mark.parametrize(
    ("model", "option", "meaning"),
    [
        (VEO_FAST, "image", "The image to start from"),
        (VEO_FAST, "image_2", "A second image beside the first one"),
        (VEO_FAST, "aspect_ratio", "Width to height; left out, it follows your image"),
        (SAME_PRICE, "aspect_ratio", "Width to height"),
        (KLING, "duration", "Length in seconds; a longer video costs more"),
        (SAME_PRICE, "duration", "Length in seconds"),
        (KLING, "first_frame", "The image that the video starts with (in place of image)"),
        (SEEDANCE_2, "first_frame", "The image that the video starts with"),
        (SEEDANCE_2, "reference_image", "An image to take people, things or style from"),
        (SEEDANCE_2, "reference_image_2", "A second image to take people, things or style from"),
        (MOTION_CONTROL, "image", "The character that moves as in the clip"),
        (MOTION_CONTROL, "video", "The clip whose movement the character copies, 3 to 30 s"),
        (WAN_REMIX, "video", "The clip to make anew"),
        (STORYBOARD, "prompt", "What the video shows; a file can stand in its place"),
        (STORYBOARD, "image_3", "The third image of the storyboard"),
        (SAME_PRICE, "sound", "With sound"),
        (DEARER_WITH_SOUND, "sound", "With sound, which costs more"),
    ],
)
def test_an_option_says_what_the_model_does_with_it(model: Capability, option: str, meaning: str) -> None:
    assert words(model, option) == meaning


def test_sharing_says_what_is_shared_with_whom_and_what_it_saves() -> None:
    published = "Publish prompt and video in the provider's public directory, for everybody"
    discounted = replace(KLING, price=replace(KLING.price, share_discount=10))
    assert words(discounted, "share") == f"{published}; discount: 10 credits"
    assert words(KLING, "share") == f"{published}: at a discount"


@pytest.mark.parametrize(
    ("model", "option", "shown"),
    [
        (SAME_PRICE, "quality", ["Standard", "Pro"]),
        (BY_LENGTH, "duration", ["5 s · 55 credits", "10 s · 110 credits"]),
        (MOTION_CONTROL, "orientation", ["As in the clip", "As in the image"]),
        (VEO_FAST, "aspect_ratio", ["16:9", "9:16", "Auto"]),
        (plain("c", "C", "C", quality_modes=("std", "standard")), "quality", ["std", "standard"]),  # told apart
    ],
)
def test_a_choice_is_in_words_with_its_price_where_that_differs(
    model: Capability, option: str, shown: list[str]
) -> None:
    assert labels(model, option) == shown


def test_every_option_of_every_model_has_words_that_fit() -> None:
    for model in (VEO_FAST, KLING, MOTION_CONTROL, SEEDANCE_2, WAN_REMIX, STORYBOARD, *awkward()):
        for spec in options_for(model):
            assert 1 <= length(option_words(model, spec)) <= DESCRIPTION_MAX, f"{model.slug} {spec.name}"
