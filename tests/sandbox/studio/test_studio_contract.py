"""What `POST generate` accepts and refuses, model by model."""

from typing import Any

import pytest

from sandbox.studio.catalogue import BY_SLUG, MODELS
from sandbox.studio.validation import Order, RequestRefused, check

IMAGE = "https://example.org/a.png"
CLIP = "https://example.org/a.mp4"

KLING = {"model_slug": "kling_3_0", "prompt": "a fox", "quality_mode": "std"}
MOTION = {
    "model_slug": "kling_3_0_motion_control", "prompt": "dance", "quality_mode": "720p",
    "input_image_urls": [IMAGE], "input_video_urls": [CLIP],
}  # fmt: skip
REMIX = {"model_slug": "wan_2_6_v2v", "prompt": "as clay", "quality_mode": "720p", "input_video_urls": [CLIP]}
HAILUO = {"model_slug": "hailuo_2_3_standard", "prompt": "wind", "input_image_urls": [IMAGE]}
SEEDANCE = {"model_slug": "seedance_2", "prompt": "a fox"}
BOARD = {"model_slug": "sora_2_pro_storyboard", "quality_mode": "standard", "input_image_urls": [IMAGE]}
VEO = {"model_slug": "veo31_fast", "prompt": "a fox"}


def order_of(body: Any) -> Order:
    return check(body, BY_SLUG)


ACCEPTED: list[tuple[dict[str, Any], str]] = [
    (VEO, "text_to_video"),
    (VEO | {"aspect_ratio": "Auto", "duration_seconds": 8, "sound": True}, "text_to_video"),
    (VEO | {"input_image_urls": [IMAGE, IMAGE]}, "image_to_video"),
    (KLING | {"duration_seconds": 15, "sound": True, "prompt_directory_optin": True}, "text_to_video"),
    (KLING | {"start_frame_url": IMAGE, "end_frame_url": IMAGE}, "image_to_video"),
    (KLING | {"elements": [{"name": "fox", "image_urls": [IMAGE]}]}, "text_to_video"),
    (MOTION, "motion_control"),
    (MOTION | {"character_orientation": "image"}, "motion_control"),
    (REMIX, "video_to_video"),
    (HAILUO | {"duration_seconds": 10}, "image_to_video"),
    (SEEDANCE, "text_to_video"),
    (SEEDANCE | {"seedance_mode": "first_frame", "first_frame_url": "asset://abc"}, "first_frame"),
    (
        SEEDANCE | {"seedance_mode": "first_last_frame", "first_frame_url": IMAGE, "last_frame_url": IMAGE},
        "first_last_frame",
    ),
    (SEEDANCE | {"seedance_mode": "multimodal", "reference_audio_urls": [CLIP]}, "multimodal"),
    (SEEDANCE | {"return_last_frame": True}, "text_to_video"),
    (BOARD, "storyboard"),
]

INVALID_RATIO = "Invalid aspect ratio for this model"
INVALID_DURATION = "Invalid duration for this model"
INVALID_QUALITY = "Invalid quality mode for this model"

REFUSED: list[tuple[Any, int, str]] = [
    ([], 400, "Request body must be a JSON object"),
    ({"prompt": "a fox"}, 400, "model_slug is required"),
    (VEO | {"model_slug": "veo99"}, 404, "Unknown model_slug"),
    (VEO | {"prompt": "  "}, 400, "Prompt is required"),
    (VEO | {"prompt": 7}, 400, "prompt must be a string"),
    (VEO | {"prompt": "x" * 5001}, 400, "Prompt is too long (maximum 5000 characters)"),
    (KLING | {"prompt": "x" * 2501}, 400, "Prompt is too long (maximum 2500 characters)"),
    (VEO | {"aspect_ratio": "1:1"}, 400, INVALID_RATIO),
    (VEO | {"aspect_ratio": None}, 400, INVALID_RATIO),
    (REMIX | {"aspect_ratio": "16:9"}, 400, INVALID_RATIO),
    (VEO | {"duration_seconds": 5}, 400, INVALID_DURATION),
    (VEO | {"duration_seconds": "8"}, 400, INVALID_DURATION),
    (KLING | {"duration_seconds": True}, 400, INVALID_DURATION),
    (KLING | {"duration_seconds": 16}, 400, INVALID_DURATION),
    (VEO | {"quality_mode": "hd"}, 400, "quality_mode is not supported for this model"),
    ({"model_slug": "kling_3_0", "prompt": "a fox"}, 400, "quality_mode is required for this model"),
    (KLING | {"quality_mode": "720p"}, 400, INVALID_QUALITY),
    (VEO | {"input_image_urls": [IMAGE] * 3}, 400, "This model accepts at most 2 image URL(s)"),
    (VEO | {"input_video_urls": [CLIP]}, 400, "This model accepts no video input"),
    (VEO | {"input_image_urls": IMAGE}, 400, "input_image_urls must be a list of URLs"),
    (VEO | {"input_image_urls": ["ftp://example.org/a.png"]}, 400, "Invalid URL in input_image_urls"),
    (VEO | {"input_image_urls": ["asset://abc"]}, 400, "Invalid URL in input_image_urls"),
    (HAILUO | {"input_image_urls": []}, 400, "This model requires at least 1 image URL(s)"),
    (REMIX | {"input_video_urls": []}, 400, "This model requires at least 1 video URL(s)"),
    (HAILUO | {"sound": True}, 400, "Sound is not supported for this model"),
    (VEO | {"sound": "yes"}, 400, "sound must be a boolean"),
    (VEO | {"prompt_directory_optin": True}, 400, "prompt_directory_optin is not supported for this model"),
    (VEO | {"count": 2}, 400, "Unknown field: count"),
    (VEO | {"seedance_mode": "multimodal"}, 400, "seedance_mode is not supported for this model"),
    (KLING | {"end_frame_url": IMAGE}, 400, "end_frame_url requires start_frame_url"),
    (
        KLING | {"start_frame_url": IMAGE, "aspect_ratio": "1:1"},
        400,
        "aspect_ratio is not allowed with start or end frames",
    ),
    (KLING | {"elements": ["fox"]}, 400, "Invalid elements"),
    (KLING | {"elements": [{"name": "fox", "image_urls": []}]}, 400, "Invalid elements"),
    (MOTION | {"character_orientation": "left"}, 400, "Invalid character_orientation"),
    (SEEDANCE | {"seedance_mode": "magic"}, 400, "Invalid seedance_mode"),
    (
        SEEDANCE | {"seedance_mode": "first_frame"},
        400,
        "first_frame_url is required for seedance_mode first_frame",
    ),
    (SEEDANCE | {"last_frame_url": IMAGE}, 400, "last_frame_url is not allowed for seedance_mode text_to_video"),
    (
        SEEDANCE | {"reference_image_urls": [IMAGE]},
        400,
        "reference_image_urls is not allowed for seedance_mode text_to_video",
    ),
    (SEEDANCE | {"seedance_mode": "multimodal"}, 400, "seedance_mode multimodal requires at least one reference"),
    (
        {"model_slug": "sora_2_pro_storyboard", "quality_mode": "high"},
        400,
        "Storyboard needs a prompt or at least one image",
    ),
]


@pytest.mark.parametrize(("body", "mode"), ACCEPTED)
def test_a_valid_request_gets_its_mode(body: dict[str, Any], mode: str) -> None:
    assert order_of(body).mode == mode


@pytest.mark.parametrize(("body", "status", "error"), REFUSED)
def test_a_wrong_request_is_refused_with_a_text(body: Any, status: int, error: str) -> None:
    with pytest.raises(RequestRefused) as caught:
        order_of(body)
    assert (caught.value.status, caught.value.error) == (status, error)


PRICES: list[tuple[dict[str, Any], int]] = [
    (VEO, 100),
    (VEO | {"model_slug": "veo31_quality"}, 250),
    (KLING | {"duration_seconds": 5}, 100),
    (KLING | {"duration_seconds": 8, "quality_mode": "pro", "sound": True}, 320),
    (KLING | {"duration_seconds": 5, "prompt_directory_optin": True}, 90),
    ({"model_slug": "kling_2_6", "prompt": "a fox"}, 55),
    ({"model_slug": "kling_2_6", "prompt": "a fox", "sound": True}, 110),
    (MOTION | {"duration_seconds": 10}, 120),
    (MOTION | {"duration_seconds": 10, "quality_mode": "1080p"}, 200),
    ({"model_slug": "sora_2", "prompt": "a fox", "quality_mode": "standard", "duration_seconds": 10}, 80),
]


@pytest.mark.parametrize(("body", "credits"), PRICES)
def test_prices_are_those_of_the_providers_pages(body: dict[str, Any], credits: int) -> None:
    order = order_of(body)
    seconds = order.seconds or 0
    assert order.model.price.credits(seconds=seconds, quality=order.quality, sound=order.sound, optin=order.optin) == (
        credits
    )


def test_every_model_has_a_price_for_everything_it_offers() -> None:
    for model in MODELS:
        for seconds in model.durations:
            for quality in model.quality_modes or (None,):
                for sound in (False, True):
                    assert model.price.credits(seconds=seconds, quality=quality, sound=sound, optin=False) > 0


def test_sound_on_a_model_with_native_audio_costs_nothing_more() -> None:
    assert order_of(VEO | {"sound": True}).sound is False
