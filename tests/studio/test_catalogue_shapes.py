"""One and the same model in every shape that a provider might give it: all are understood, and nothing is silent."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.capabilities import NO_INPUT, Audio, Capability, Count, Need
from bot.domain.pricing import estimate
from bot.domain.request import GenerationRequest, complete
from bot.studio.reading.catalogue import built_in_catalogue, read_catalogue
from bot.studio.reading.documented import BUILT_IN_MODELS, DOCUMENTED_MODELS
from bot.studio.reading.known_families import known_facts

VEO: dict[str, Any] = {"slug": "veo31_fast", "name": "Veo 3.1 Fast", "engine": "Veo 3.1"}
KLING: dict[str, Any] = {"slug": "kling_3_0", "name": "Kling 3.0", "engine": "Kling 3.0", "aspect_ratios": ["16:9"]}


def only(answer: Any) -> Capability:
    catalogue = read_catalogue(answer)
    assert catalogue.skipped == ()
    assert catalogue.unused == {}
    (model,) = catalogue.models
    return model


def cost(model: Capability, **values: Any) -> tuple[int, bool]:
    """Return what a render costs with the default options, and whether that is certain."""
    request = complete(GenerationRequest(model.slug, {"prompt": "a fox", **values}), model)
    estimated = estimate(model, request)
    return estimated.credits, estimated.certain


VEO_CARD: dict[str, Any] = {**VEO, "aspect_ratios": ["16:9", "9:16"], "durations": [8], "inputs": ["text", "image"]}
VEO_CARD["credits"] = 100


@pytest.mark.parametrize(
    "answer",
    [
        {"models": [VEO_CARD]},
        # facts in other forms
        {"models": [{**VEO_CARD, "aspect_ratios": [["16:9", "Wide"], ["9:16", "Tall"]],
                     "durations": [[8, "8 seconds"]]}]},
        {"models": [{**VEO_CARD, "aspect_ratios": {"16:9": "Wide", "9:16": "Tall", "1:1": False},
                     "durations": {"8": "8 s"}}]},
        {"models": [{**VEO_CARD, "aspect_ratios": "16:9 / 9:16", "durations": "8 seconds", "inputs": "text | image"}]},
        {"models": [{**VEO_CARD, "aspect_ratios": "16:9 or 9:16", "credits": ["base: 100"],
                     "quality_modes": "not required"}]},
        {"models": [{**VEO_CARD, "aspect_ratios": [{"label": "Wide", "value": "16:9"},
                                                      {"label": "Tall", "value": "9:16"}]}]},
        {"models": [{**VEO_CARD, "inputs": {"text": True, "image": True, "video": False},
                     "pricing": {"type": "base", "base": 100}}]},
        {"models": [{**VEO_CARD, "inputs": ["text-to-video", "image_to_video"]}]},
        {"models": [{**VEO_CARD, "inputs": ["t2v", "i2v"], "credits": "100 credits per video"}]},
        {"models": [{**VEO_CARD, "status": "active", "is_active": True, "deprecated": False}]},
        # facts under other names, or inside other objects
        {"count": 1, "next": None, "results": [{
            "model_slug": "veo31_fast", "display_name": "Veo 3.1 Fast", "engine": "Veo 3.1", "base_credits": 100,
            "aspect_ratio_options": ["16:9", "9:16"], "duration_options": [8], "quality_options": [],
            "input_modes": ["text", "image"]}]},
        {"models": [{**VEO, "capabilities": {"text_to_video": True, "image_to_video": True, "video_to_video": False,
         "audio": True}, "aspect_ratios": ["16:9", "9:16"], "durations": [8], "credits": 100}]},
        {"models": [{**VEO, "supports_text": True, "supports_image": True, "supports_video": False,
         "allowed_aspect_ratios": ["16:9", "9:16"], "allowed_durations": [8], "credit_cost": 100}]},
        {"data": [{"id": "veo31_fast", "type": "model", "attributes": {**VEO_CARD}}]} | {"jsonapi": {"version": "1.0"}},
        {"models": [{**VEO, "credits": 100, "inputs": ["text", "image"], "parameters": {
            "aspect_ratio": {"type": "string", "enum": ["16:9", "9:16"]},
            "duration_seconds": {"type": "integer", "enum": [8]}}}]},
        {"models": [{**VEO, "credits": 100, "inputs": ["text", "image"], "parameters": [
            {"name": "aspect_ratio", "options": ["16:9", "9:16"]}, {"name": "duration_seconds", "options": [8]}]}]},
        {"models": [{**VEO, "credits": 100, "inputs": ["text", "image"], "input_schema": {"properties": {
            "aspectRatio": {"type": "string", "enum": ["16:9", "9:16"]}, "durationSeconds": {"enum": [8]}}}}]},
        {"models": [{**VEO, "options": {"aspectRatios": ["16:9", "9:16"], "durations": [8]},
         "supports": {"text": True, "image": True, "video": False}, "cost": {"credits": 100}}]},
        # the model in other places
        [VEO_CARD],
        {"veo31_fast": {key: value for key, value in VEO_CARD.items() if key != "slug"}},
        {"engines": [{"engine": "Veo 3.1", "models": [{k: v for k, v in VEO_CARD.items() if k != "engine"}]}]},
        {"Veo 3.1": [{k: v for k, v in VEO_CARD.items() if k != "engine"}]},
        {"data": {"video": {"Veo 3.1": {"veo31_fast": {"name": "Veo 3.1 Fast", **{
            k: VEO_CARD[k] for k in ("aspect_ratios", "durations", "inputs", "credits")}}}}}},
    ],
)  # fmt: skip
def test_the_documented_model_is_understood_in_every_shape(answer: Any) -> None:
    catalogue = read_catalogue(answer)
    assert catalogue.skipped == ()
    (model,) = catalogue.models
    assert (model.slug, model.name, model.engine) == ("veo31_fast", "Veo 3.1 Fast", "Veo 3.1")
    assert (model.aspect_ratios, model.durations, model.quality_modes) == (("16:9", "9:16"), (8,), ())
    assert (model.images, model.videos, model.prompt) == (Count(0, 2), NO_INPUT, Need.REQUIRED)
    assert model.audio is Audio.NATIVE
    assert cost(model) == (100, True)


@pytest.mark.parametrize(
    "facts",
    [
        {"durations": "3-15"},
        {"durations": {"min": 3, "max": 15}},
        {"duration_range": [3, 15]},
        {"duration_range": {"from": 3, "to": 15}},
        {"min_duration_seconds": 3, "max_duration_seconds": 15},
        {"min_duration": 3, "max_duration": 15},
        {"limits": {"duration_seconds": {"minimum": 3, "maximum": 15}}},
        {"constraints": {"duration_min": "3s", "duration_max": "15s"}},
        {"duration_seconds": {"type": "integer", "minimum": 3, "maximum": 15}},
        {"duration": "3 to 15 seconds"},
    ],
)
def test_a_range_of_lengths_is_every_whole_second_of_it(facts: dict[str, Any]) -> None:
    assert only([{**KLING, "credits": 100, **facts}]).durations == tuple(range(3, 16))


@pytest.mark.parametrize(
    "facts",
    [
        {"quality_modes": ["std", "pro"], "credits": {"per_second": {"std": 20, "pro": 30}}},
        {"quality_modes": ["std", "pro"], "credits": "std: 20 per second, pro: 30/s"},
        {"quality_modes": [{"key": "std", "label": "Standard", "credits_per_second": 20},
                           {"key": "pro", "label": "Pro", "credits_per_second": 30}]},
        {"quality_modes": {"std": {"credits_per_second": 20}, "pro": {"credits_per_second": 30}}},
        {"quality_options": [["std", "Standard"], ["pro", "Pro"]], "pricing": {"std": "20/s", "pro": "30/s"}},
        {"modes": ["std", "pro"], "credits_per_second": {"std": 20, "pro": 30}},
        {"parameters": {"quality_mode": {"enum": ["std", "pro"]}}, "std_credits_per_second": 20,
         "pro_credits_per_second": 30},
        {"options": {"quality": ["std", "pro"]}, "credits": [{"quality": "std", "per_second": 20},
                                                             {"quality": "pro", "per_second": 30}]},
    ],
)  # fmt: skip
def test_quality_modes_and_their_prices_are_understood(facts: dict[str, Any]) -> None:
    model = only([{**KLING, "durations": [5], "audio": "none", **facts}])
    assert model.quality_modes == ("std", "pro")
    assert (cost(model), cost(model, quality="pro")) == ((100, True), (150, True))


@pytest.mark.parametrize(
    "facts",
    [
        {"inputs": ["image"], "prompt_required": True},
        {"inputs": ["text", "image"], "requires_image": True},
        {"supports_text": True, "supports_image": True, "supports_video": False, "image_required": True},
        {"inputs": ["image_to_video"]},
        {"text_to_video": False, "image_to_video": True, "video_to_video": False},
        {"inputs": ["text", "image"], "min_images": 1, "max_images": 1},
        {"input": {"image": {"min": 1, "max": 1}, "video": {"min": 0, "max": 0}}},
        {"inputs": ["text", "image"], "input_images": {"required": True, "max": 1}},
        {"inputs": ["text", "image"], "limits": {"images": [1, 1]}},
        {"input_schema": {"properties": {"input_image_urls": {"type": "array", "minItems": 1, "maxItems": 1}}},
         "inputs": ["text", "image"]},
        {"inputs": ["text", "image"], "required": ["prompt", "input_image_urls"], "max_images": 1},
    ],
)  # fmt: skip
def test_a_model_that_needs_an_image_says_so(facts: dict[str, Any]) -> None:
    model = only(
        [{"slug": "animate_it", "name": "Animate It", "engine": "E", "durations": [5], "credits": 50, **facts}]
    )
    assert (model.images, model.videos, model.prompt) == (Count(1, 1), NO_INPUT, Need.REQUIRED)


@pytest.mark.parametrize("answer", [
    {"models": ["veo31_fast", "wan_2_6_v2v"]},
    ["veo31_fast", "wan_2_6_v2v"],
    {"models": [{"slug": "veo31_fast", "name": "Veo 3.1 Fast"}, {"slug": "wan_2_6_v2v"}]},
    {"data": {"models": [["veo31_fast", "Veo 3.1 Fast"], ["wan_2_6_v2v", "Wan 2.6 Video Remix"]]}},
    {"models": {"veo31_fast": "Veo 3.1 Fast", "wan_2_6_v2v": "Wan 2.6 Video Remix"}},
    {"engines": {"Veo 3.1": ["veo31_fast"], "Wan 2.6": ["wan_2_6_v2v"]}},
])  # fmt: skip
def test_models_that_are_only_named_are_those_of_the_documentation(answer: Any) -> None:
    catalogue = read_catalogue(answer)
    veo, wan = catalogue.models
    assert (veo.slug, veo.aspect_ratios, veo.durations) == ("veo31_fast", ("16:9", "9:16", "Auto"), (8,))
    assert cost(veo) == (100, True)
    assert (wan.slug, wan.videos, wan.quality_modes) == ("wan_2_6_v2v", Count(1, 1), ("720p", "1080p"))
    assert catalogue.skipped == ()


def test_a_named_model_is_recognised_by_its_name_and_one_that_nobody_knows_is_skipped() -> None:
    catalogue = read_catalogue({"models": [{"slug": "hl23_pro", "name": "Hailuo 2.3 Pro"}, "made_up"]})
    (hailuo,) = catalogue.models
    assert (hailuo.slug, hailuo.durations, hailuo.images) == ("hl23_pro", (6, 10), Count(1, 1))
    assert [(skipped.name, skipped.reason) for skipped in catalogue.skipped] == [
        ("made_up", "it says nothing about what the model can do")
    ]


def test_the_built_in_models_are_complete_and_follow_the_documentation() -> None:
    catalogue = built_in_catalogue()
    assert [model.slug for model in catalogue.models] == [
        "kling_3_0", "kling_3_0_motion_control", "veo31_fast", "wan_2_6_v2v",
    ]  # fmt: skip
    assert (catalogue.skipped, catalogue.unused) == ((), {})
    assert isinstance(BUILT_IN_MODELS, list)
    kling = catalogue.get("kling_3_0")
    assert kling is not None
    assert cost(kling, duration=5, quality="std", sound=False) == (100, True)
    assert cost(kling, duration=8, quality="pro", sound=True) == (320, True)
    # Cards of whole families are known by their names; each must be found by its own.
    assert all(known_facts("x", str(card["engine"]), str(card["name"])) for card in DOCUMENTED_MODELS)


PLAIN: dict[str, Any] = {"slug": "m", "name": "M", "engine": "E", "durations": [5], "credits": 50}
TEXT_ONLY = (NO_INPUT, NO_INPUT, Need.REQUIRED, ())


@pytest.mark.parametrize(
    ("facts", "images_videos_prompt_quality"),
    [
        # What looks like inputs, and is not.
        ({"features": ["audio", "start_end_frames"]}, TEXT_ONLY),
        ({"tasks": ["video-generation"]}, TEXT_ONLY),
        ({"supports_video": True}, TEXT_ONLY),
        ({"image": "https://m.example/a1-b2.png", "video": {"url": "https://m.example/demo.mp4", "duration": 8}},
         TEXT_ONLY),
        ({"images": ["https://m.example/1.png", "https://m.example/2.png"]}, TEXT_ONLY),
        ({"capabilities": ["text_to_video", "image_to_video", "extend"]}, (Count(0, 1), NO_INPUT, Need.REQUIRED, ())),
        ({"inputs": ["text", "image", "mask"]}, (Count(0, 1), NO_INPUT, Need.REQUIRED, ())),
        ({"supported_modes": ["text_and_image_to_video"]}, (Count(0, 1), NO_INPUT, Need.REQUIRED, ())),
        ({"inputs": ["video", "text"]}, (NO_INPUT, Count(0, 1), Need.REQUIRED, ())),
        ({"tasks": ["remix"]}, (NO_INPUT, Count(1, 1), Need.REQUIRED, ())),
        # What looks like quality modes, and is not.
        ({"resolution": "1080p", "quality": "high"}, TEXT_ONLY),
        ({"quality_modes": [], "resolutions": ["720p"]}, TEXT_ONLY),
        ({"resolution": ["720p", "1080p"]}, (NO_INPUT, NO_INPUT, Need.REQUIRED, ("720p", "1080p"))),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_fact_is_none(
    facts: dict[str, Any], images_videos_prompt_quality: tuple[Any, ...]
) -> None:
    (model,) = read_catalogue([{**PLAIN, **facts}]).models
    assert (model.images, model.videos, model.prompt, model.quality_modes) == images_videos_prompt_quality
    assert (model.durations, cost(model)) == ((5,), (50, True))


@pytest.mark.parametrize(
    "answer",
    [
        [{"id": 7, "slug": "new_1", "durations": [5]}],
        [{"id": 7, "name": "new_1", "display_name": "Newest", "durations": [5]}],
        [{"id": 7, "code": "new_1", "durations": [5]}],
        {"models": {"new_1": {"id": 7, "durations": [5]}}},
        {"models": [{"model": {"id": 7, "slug": "new_1", "name": "Newest"}, "durations": [5], "credits": 50}]},
        {
            "data": {
                "models": [{"slug": "new_1", "durations": [5]}],
                "limits": {"durations": [5], "aspect_ratios": ["1:1"]},
            }
        },
    ],
)
def test_a_rows_number_is_not_taken_for_its_slug(answer: Any) -> None:
    assert [model.slug for model in read_catalogue(answer).models] == ["new_1"]


def test_what_is_not_understood_is_named() -> None:
    answer: Any = {
        "models": [{**VEO_CARD, "fps": 24, "audio": "surround", "limits": {"max_tokens": 7}, "audience": None}]
    }
    assert read_catalogue(answer).unused == {"veo31_fast": ("fps", "audio", "limits.max_tokens")}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({**VEO_CARD, "slug": "x" * 300}, "its slug is too long, or has characters that cannot be shown"),
        ({**VEO_CARD, "slug": "a\x00b"}, "its slug is too long, or has characters that cannot be shown"),
        ({**VEO_CARD, "status": "coming soon"}, "the provider says that it is not available"),
        ({**VEO_CARD, "deprecated": True}, "the provider says that it is not available"),
        ({**VEO_CARD, "aspect_ratios": 7}, "its aspect ratios cannot be read"),
        ({**VEO_CARD, "durations": "now and then 5"}, None),
        ({**VEO_CARD, "min_images": 5, "max_images": 2},
         "it needs 5 images, which is more than it takes or than can be offered"),
    ],
)  # fmt: skip
def test_a_model_that_would_be_offered_wrongly_is_skipped(entry: dict[str, Any], reason: str | None) -> None:
    catalogue = read_catalogue({"models": [{**VEO_CARD, "slug": "other"}, entry]})
    assert [skipped.reason for skipped in catalogue.skipped] == ([] if reason is None else [reason])
    assert "other" in [model.slug for model in catalogue.models]


def test_long_and_odd_texts_are_bounded() -> None:
    entry = {**VEO_CARD, "name": "n" * 500_000, "engine": "e\x00\n" * 5_000, "description": "d\ud800" * 5_000}
    (model,) = read_catalogue({"models": [entry]}).models
    assert (len(model.name), len(model.description)) == (200, 500)
    assert len(model.engine) <= 200
    assert model.engine.isprintable()
    many = {**VEO_CARD, "aspect_ratios": [f"{n}:{n}" for n in range(1, 20_000)], "quality_modes": ["q" * 200, "ok"]}
    (model,) = read_catalogue({"models": [many]}).models
    assert (len(model.aspect_ratios), model.quality_modes) == (200, ("ok",))


def test_the_number_of_models_is_bounded() -> None:
    catalogue = read_catalogue({"models": [{**VEO_CARD, "slug": f"m{number}"} for number in range(2_000)]})
    assert len(catalogue.models) == 500
    assert "more than 500 models" in catalogue.skipped[-1].reason


# A model and ways to spell each of its facts. Every combination must be understood as the same model.
SPELLINGS: dict[str, list[dict[str, Any]]] = {
    "slug": [{"slug": "k1"}, {"model_slug": "k1"}, {"id": "k1"}, {"modelId": "k1"}],
    "name": [{"name": "Newest 1"}, {"display_name": "Newest 1"}, {"title": "Newest 1"}, {"label": "Newest 1"}],
    "engine": [{"engine": "Newest"}, {"family": "Newest"}, {"engine": {"name": "Newest", "slug": "newest"}}],
    "ratios": [
        {spelling: form}
        for spelling in ("aspect_ratios", "supportedAspectRatios", "aspect_ratio_options", "ratios", "aspect_ratio")
        for form in (
            ["16:9", "1:1"], "16:9, 1:1", [["16:9", "Wide"], ["1:1", "Square"]], {"16:9": "Wide", "1:1": "Square"},
            [{"value": "16:9"}, {"value": "1:1"}], {"options": ["16:9", "1:1"]},
            {"type": "string", "enum": ["16:9", "1:1"]},
        )
    ],
    "lengths": [
        {spelling: form}
        for spelling in ("durations", "allowed_durations", "duration_options", "durationSeconds", "duration")
        for form in ([5, 10], ["5s", "10s"], "5, 10", "5 or 10 seconds", [[5, "5 s"], [10, "10 s"]],
                     {"5": "5 s", "10": "x"},
                     [{"value": 5, "label": "five"}, {"value": 10}], {"choices": [5, 10]})
    ],
    "quality": [
        {spelling: form}
        for spelling in ("quality_modes", "qualityOptions", "resolutions", "qualities")
        for form in (["720p", "1080p"], "720p, 1080p",
                     [{"key": "720p", "label": "HD"}, {"key": "1080p", "label": "FHD"}],
                     [["720p", "HD"], ["1080p", "Full HD"]], {"values": ["720p", "1080p"]})
    ],
    "inputs": [
        {"inputs": ["text", "image"]}, {"inputs": "text, image"}, {"input_types": ["Text", "Image"]},
        {"supports_text": True, "supports_image": True, "supports_video": False},
        {"inputs": {"text": True, "image": True, "video": False}}, {"modes": ["text_to_video", "image_to_video"]},
        {"generation_modes": ["text-to-video", "image-to-video"]},
    ],
    "audio": [{"audio": "optional"}, {"supports_audio": True}, {"audio": {"supported": True, "optional": True}},
              {"sound": True}, {"audio_toggle": True}],
    "credits": [
        {spelling: form}
        for spelling in ("credits", "pricing", "price", "cost")
        for form in (
            {"720p": {"5": 50, "10": 100}, "1080p": {"5": 80, "10": 160}},
            {"5s": {"720p": 50, "1080p": 80}, "10s": {"720p": 100, "1080p": 160}},
            [{"quality_mode": q, "duration_seconds": s, "credits": c}
             for q, s, c in (("720p", 5, 50), ("720p", 10, 100), ("1080p", 5, 80), ("1080p", 10, 160))],
            {"720p_5s": 50, "720p_10s": 100, "1080p_5s": 80, "1080p_10s": 160},
        )
    ],
}  # fmt: skip
HOLDERS = (None, "capabilities", "constraints", "options", "limits", "spec")


@st.composite
def spelt(draw: st.DrawFn) -> dict[str, Any]:
    """Return the model in one spelling of each fact, some of the facts inside an inner object."""
    entry: dict[str, Any] = {}
    for fact, spellings in SPELLINGS.items():
        chosen = draw(st.sampled_from(spellings))
        holder = None if fact in ("slug", "name", "engine") else draw(st.sampled_from(HOLDERS))
        target = entry if holder is None else entry.setdefault(holder, {})
        target.update(chosen)
    return entry


@settings(max_examples=300, deadline=None)
@given(spelt(), st.sampled_from(["models", "data", "results", None]))
def test_every_spelling_of_a_model_is_the_same_model(entry: dict[str, Any], wrapper: str | None) -> None:
    model = only([entry] if wrapper is None else {wrapper: [entry]})
    assert (model.slug, model.name, model.engine) == ("k1", "Newest 1", "Newest")
    assert (model.aspect_ratios, model.durations, model.quality_modes) == (("16:9", "1:1"), (5, 10), ("720p", "1080p"))
    assert (model.images, model.videos) == (Count(0, 1), NO_INPUT)
    assert model.audio is Audio.OPTIONAL
    assert cost(model, duration=10, quality="1080p", sound=False) == (160, True)
    assert cost(replace(model), duration=5, quality="720p", sound=False) == (50, True)
