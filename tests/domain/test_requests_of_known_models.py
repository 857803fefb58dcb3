"""The provider's documented models, one rule at a time: what is refused, and in which words."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.discord_ui.views.problem_words import problem_words
from bot.domain.attachments import Attachment
from bot.domain.capabilities import Audio, Capability, Count, Mode, Need, Span
from bot.domain.fields import options_for
from bot.domain.json_value import JsonValue
from bot.domain.prices import Price, Rate
from bot.domain.request import GenerationRequest, complete, payload, validate

IMAGE = Attachment("https://cdn.example/fox.png?a=1,2", "fox.png", "image/png", 1000)
SECOND_IMAGE = replace(IMAGE, url="https://cdn.example/owl.png", filename="owl.png")
CLIP = Attachment("https://cdn.example/run.mp4", "run.mp4", "video/mp4", 1000)
VOICE = Attachment("https://cdn.example/voice.mp3", "voice.mp3", "audio/mpeg", 1000)

PRICE = Price((Rate(Decimal(100)),))
VEO = Capability(
    "veo31_fast", "Veo 3.1 Fast", "", "Veo 3.1", PRICE,
    aspect_ratios=("16:9", "9:16", "Auto"), durations=(8,), prompt_max=5000, images=Count(0, 2), audio=Audio.NATIVE,
)  # fmt: skip
KLING = Capability(
    "kling_3_0", "Kling 3.0", "", "Kling 3.0", PRICE,
    aspect_ratios=("16:9", "9:16", "1:1"), durations=tuple(range(3, 16)), quality_modes=("std", "pro"),
    images=Count(0, 1), audio=Audio.OPTIONAL, share=True, start_end_frames=True,
)  # fmt: skip
MOTION = Capability(
    "kling_3_0_motion_control", "Motion Control", "", "Kling 3.0", PRICE, quality_modes=("720p", "1080p"),
    images=Count(1, 1), videos=Count(1, 1), orientations=("video", "image"), clip_seconds=Span(3, 30),
)  # fmt: skip
REMIX = Capability(
    "wan_2_6_v2v", "Wan 2.6 Remix", "", "Wan 2.6", PRICE,
    durations=(5, 10), quality_modes=("720p", "1080p"), videos=Count(1, 1), audio=Audio.NATIVE,
)  # fmt: skip
STORYBOARD = Capability(
    "sora_2_storyboard", "Storyboard", "", "Sora 2", PRICE, durations=(10, 15, 25), prompt=Need.OPTIONAL,
    images=Count(0, 8),
)  # fmt: skip
SEEDANCE = Capability(
    "seedance_2", "Seedance 2", "", "Seedance 2", PRICE,
    aspect_ratios=("21:9", "16:9"), durations=tuple(range(4, 16)), modes=tuple(Mode),
    reference_images=Count(0, 4), reference_videos=Count(0, 1), reference_audios=Count(0, 1), return_last_frame=True,
)  # fmt: skip


def body(model: Capability, **values: Any) -> dict[str, Any]:
    """Return the body of a request that has no problems."""
    request = complete(GenerationRequest(model.slug, values), model)
    assert validate(request, model) == ()
    return payload(request, model)


def refusals(model: Capability, **values: Any) -> dict[str, str]:
    """Option → what is said about it."""
    request = complete(GenerationRequest(model.slug, values), model)
    return {problem.option: problem_words(problem) for problem in validate(request, model)}


def option_names(model: Capability) -> list[str]:
    return [spec.name for spec in options_for(model)]


def test_a_plain_request_becomes_the_documented_body() -> None:
    assert body(VEO, prompt=" a fox ", image=IMAGE, image_2=SECOND_IMAGE) == {
        "model_slug": "veo31_fast",
        "prompt": "a fox",
        "aspect_ratio": "Auto",
        "duration_seconds": 8,
        "input_image_urls": [IMAGE.url, SECOND_IMAGE.url],
    }


def test_native_sound_is_no_option_and_optional_sound_is_sent_either_way() -> None:
    assert "sound" not in option_names(VEO)
    assert body(KLING, prompt="a fox")["sound"] is False
    assert body(KLING, prompt="a fox", sound=True)["sound"] is True


def test_sharing_is_sent_only_where_the_member_said_so() -> None:
    assert "prompt_directory_optin" not in body(KLING, prompt="a fox")
    assert body(KLING, prompt="a fox", share=True)["prompt_directory_optin"] is True


def test_kling_frames_take_the_place_of_the_ratio() -> None:
    framed = body(KLING, prompt="a fox", first_frame=IMAGE, last_frame=SECOND_IMAGE)
    assert "aspect_ratio" not in framed
    assert (framed["start_frame_url"], framed["end_frame_url"]) == (IMAGE.url, SECOND_IMAGE.url)
    assert list(refusals(KLING, prompt="a fox", first_frame=IMAGE, aspect_ratio="1:1")) == ["aspect_ratio"]
    assert list(refusals(KLING, prompt="a fox", last_frame=IMAGE)) == ["first_frame"]


@pytest.mark.parametrize(
    ("files", "mode", "fields"),
    [
        ({}, "text_to_video", set()),
        ({"first_frame": IMAGE}, "first_frame", {"first_frame_url"}),
        (
            {"first_frame": IMAGE, "last_frame": SECOND_IMAGE},
            "first_last_frame",
            {"first_frame_url", "last_frame_url"},
        ),
        (
            {"reference_image": IMAGE, "reference_video": CLIP, "reference_audio": VOICE},
            "multimodal",
            {"reference_image_urls", "reference_video_urls", "reference_audio_urls"},
        ),
    ],
)
def test_the_seedance_mode_follows_from_what_is_attached(files: dict[str, Any], mode: str, fields: set[str]) -> None:
    sent = body(SEEDANCE, prompt="a fox", **files)
    assert sent["seedance_mode"] == mode
    assert {name for name in sent if "_url" in name} == fields


def test_seedance_refuses_what_no_mode_takes() -> None:
    assert "first_frame" in refusals(SEEDANCE, prompt="a fox", last_frame=IMAGE)
    assert "first_frame" in refusals(SEEDANCE, prompt="a fox", first_frame=IMAGE, reference_image=IMAGE)
    only_frames = replace(SEEDANCE, modes=(Mode.FIRST_FRAME, Mode.FIRST_LAST_FRAME))
    assert list(refusals(only_frames, prompt="a fox")) == ["first_frame"]
    assert "reference_image" not in option_names(only_frames)


def test_returning_the_last_frame_is_sent_when_asked_for() -> None:
    assert body(SEEDANCE, prompt="a fox", return_last_frame=True)["return_last_frame"] is True


def test_motion_control_takes_one_image_one_clip_and_an_orientation() -> None:
    assert body(MOTION, prompt="a fox", image=IMAGE, video=CLIP, orientation="image") == {
        "model_slug": "kling_3_0_motion_control",
        "prompt": "a fox",
        "input_image_urls": [IMAGE.url],
        "input_video_urls": [CLIP.url],
        "quality_mode": "720p",
        "character_orientation": "image",
    }
    assert set(refusals(MOTION, prompt="a fox")) == {"image", "video"}


@pytest.mark.parametrize(
    ("orientation", "seconds", "fits"),
    [("video", 30, True), ("video", 30.5, False), ("image", 10, True), ("image", 11, False), ("video", 2, False)],
)
def test_the_clip_of_motion_control_is_as_long_as_the_orientation_allows(
    orientation: str, seconds: float, fits: bool
) -> None:
    clip = replace(CLIP, duration=seconds)
    found = refusals(MOTION, prompt="a fox", image=IMAGE, video=clip, orientation=orientation)
    assert list(found) == ([] if fits else ["video"])


def test_the_remix_model_needs_exactly_one_clip() -> None:
    assert body(REMIX, prompt="a fox", video=CLIP)["input_video_urls"] == [CLIP.url]
    assert list(refusals(REMIX, prompt="a fox")) == ["video"]
    assert list(refusals(REMIX, prompt="a fox", video=CLIP, video_2=CLIP)) == ["video_2"]


def test_a_storyboard_starts_from_images_alone() -> None:
    assert body(STORYBOARD, image=IMAGE, image_2=SECOND_IMAGE)["input_image_urls"] == [IMAGE.url, SECOND_IMAGE.url]
    assert list(refusals(STORYBOARD)) == ["prompt"]
    assert list(refusals(STORYBOARD, prompt="   ")) == ["prompt"]
    assert "prompt" not in body(STORYBOARD, prompt="  ", image=IMAGE)


def test_quality_is_required_where_the_model_has_modes_and_refused_elsewhere() -> None:
    without = GenerationRequest(KLING.slug, {"prompt": "a fox"})
    assert [problem.option for problem in validate(without, KLING)] == ["quality"]
    assert list(refusals(VEO, prompt="a fox", quality="pro")) == ["quality"]


def test_values_are_never_snapped_to_the_nearest_allowed_one() -> None:
    assert refusals(KLING, prompt="a fox", duration=16) == {
        "duration": "Not possible for `duration`: 16. Possible: a whole number from 3 to 15."
    }
    assert refusals(REMIX, prompt="a fox", video=CLIP, duration=7) == {
        "duration": "Not possible for `duration`: 7. Possible: 5 or 10."
    }


def test_a_refusal_says_what_was_given_and_what_is_allowed() -> None:
    (problem,) = validate(GenerationRequest(VEO.slug, {"prompt": "a fox", "aspect_ratio": "4:3"}), VEO)
    assert (problem.option, problem.value, problem.choices) == ("aspect_ratio", "4:3", ("16:9", "9:16", "Auto"))
    assert problem_words(problem) == "Not possible for `aspect_ratio`: “4:3”. Possible: 16:9, 9:16 or Auto."


def test_a_file_without_a_content_type_is_judged_by_its_name() -> None:
    named = replace(IMAGE, content_type=None)
    assert refusals(VEO, prompt="a fox", image=named) == {}
    assert refusals(VEO, prompt="a fox", image=replace(named, filename="notes.txt")) == {
        "image": "`image` must be an image file. Given: “notes.txt”."
    }


@pytest.mark.parametrize("url", ["ftp://cdn.example/fox.png", "file:///fox.png", "https://", "http://[fox", "fox.png"])
def test_a_file_must_stand_where_the_provider_can_fetch_it(url: str) -> None:
    assert refusals(VEO, prompt="a fox", image=replace(IMAGE, url=url)) == {
        "image": "`image` must be at an http or https address. Given: “fox.png”."
    }


def test_a_switch_is_not_taken_for_a_length() -> None:
    assert list(refusals(replace(VEO, durations=(1, 2)), prompt="a fox", duration=True)) == ["duration"]


def test_the_last_choice_is_remembered_while_the_model_allows_it() -> None:
    asked = GenerationRequest(KLING.slug, {"prompt": "a fox"})
    remembered: dict[str, JsonValue] = {
        "quality": "pro",
        "duration": 99,
        "sound": True,
        "share": True,
        "aspect_ratio": "1:1",
    }
    values = complete(asked, KLING, remembered).values
    assert values["quality"] == "pro"
    assert values["aspect_ratio"] == "1:1"
    assert values["sound"] is True
    assert values["duration"] == 3
    assert "share" not in values


def test_a_request_with_files_takes_the_ratio_of_the_files_where_the_model_can() -> None:
    with_image = GenerationRequest("veo31_fast", {"prompt": "a fox", "image": IMAGE})
    for remembered, ratio in (({}, "Auto"), ({"aspect_ratio": "16:9"}, "Auto"), ({"aspect_ratio": "9:16"}, "Auto")):
        assert complete(with_image, VEO, remembered).values["aspect_ratio"] == ratio
    without = GenerationRequest("veo31_fast", {"prompt": "a fox"})
    assert complete(without, VEO).values["aspect_ratio"] == "16:9"
    chosen = GenerationRequest("veo31_fast", {"prompt": "a fox", "image": IMAGE, "aspect_ratio": "16:9"})
    assert complete(chosen, VEO).values["aspect_ratio"] == "16:9"
    assert body(KLING, prompt="a fox", image=IMAGE)["aspect_ratio"] == "16:9"


@pytest.mark.parametrize(
    ("width", "height", "ratio"),
    [
        (1920, 1080, "16:9"),
        (3000, 3900, "1:1"),
        (1080, 2400, "9:16"),
        (500, 510, "1:1"),
        (None, None, "16:9"),  # Discord tells no size: the default
        (0, 10, "16:9"),
    ],
)
def test_without_auto_the_ratio_is_the_images_nearest(width: int | None, height: int | None, ratio: str) -> None:
    image = replace(IMAGE, width=width, height=height)
    request = GenerationRequest(KLING.slug, {"prompt": "a fox", "image": image})
    assert complete(request, KLING, {}).values["aspect_ratio"] == ratio
