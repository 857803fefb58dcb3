"""Catalogue answers in many shapes: all understood alike, and what cannot be understood costs only itself."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.capabilities import NO_INPUT, Audio, Capability, Count, Mode, Need, Span
from bot.domain.pricing import estimate
from bot.domain.request import GenerationRequest, complete, payload, validate
from bot.studio.reading.catalogue import read_catalogue
from bot.studio.reading.facts import MARKS
from bot.studio.reading.inputs import LISTS
from bot.studio.reading.lenient import CHOICE_KEYS
from bot.studio.reading.model import ENGINE, NAME, SLUG
from bot.studio.reading.prices import PRICE
from bot.studio.reading.seconds import read_seconds
from sandbox.studio.catalogue import MODELS
from sandbox.studio.shapes import ModelsShape, model_json, models_answer

ROWS: list[Any] = [model_json(model) for model in MODELS]
DOCUMENTED_CARD: dict[str, Any] = {
    "slug": "veo31_fast",
    "name": "Veo 3.1 Fast",
    "engine": "Veo 3.1",
    "aspect_ratios": "16:9, 9:16, Auto",
    "durations": "8 seconds",
    "quality_modes": "not required",
    "inputs": "text , image",
    "credits": "base: 100",
}


def only(entry: dict[str, Any]) -> Capability:
    """Return what is understood of one entry that has whatever a test leaves out."""
    catalogue = read_catalogue([{"slug": "m", "engine": "E", "durations": [5], **entry}])
    assert catalogue.skipped == ()
    return catalogue.models[0]


@pytest.mark.parametrize("shape", get_args(ModelsShape))
def test_the_shape_of_the_answer_does_not_matter(shape: ModelsShape) -> None:
    plain = read_catalogue(ROWS)
    shaped = read_catalogue(models_answer(ROWS, shape))
    if shape == "empty":
        assert shaped.models == ()
        return
    assert [model.slug for model in shaped.models] == [model.slug for model in plain.models]
    for ours, expected in zip(shaped.models, plain.models, strict=True):
        common = (
            "aspect_ratios",
            "durations",
            "quality_modes",
            "prompt",
            "images",
            "videos",
            "modes",
            "price",
            "engine",
        )
        for fact in common:
            assert getattr(ours, fact) == getattr(expected, fact), (ours.slug, fact)
    if shape != "other_spellings":
        assert shaped.version == plain.version


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "credits": 430, "data": {"models": ROWS, "credits": 430}},
        {"filters": {"aspect_ratios": ["16:9"], "durations": [5]}, "models": ROWS},
        {"anything": {"at": {"all": ROWS}}},
        {"video": {row["engine"]: [r for r in ROWS if r["engine"] == row["engine"]] for row in ROWS}},
        [{"model_slug": row["slug"], "capabilities": {k: v for k, v in row.items() if k != "slug"}} for row in ROWS],
        [{"".join(part.title() for part in key.split("_")): value for key, value in row.items()} for row in ROWS],
    ],
    ids=["balance beside", "filters beside", "deep", "engines as keys", "facts inside", "other letters"],
)
def test_models_are_found_wherever_they_stand(answer: Any) -> None:
    assert [model.slug for model in read_catalogue(answer).models] == sorted(row["slug"] for row in ROWS)


def test_the_documented_model_card_is_understood() -> None:
    model = read_catalogue({"models": [DOCUMENTED_CARD]}).models[0]
    assert (model.aspect_ratios, model.durations, model.quality_modes) == (("16:9", "9:16", "Auto"), (8,), ())
    assert (model.prompt, model.audio) == (Need.REQUIRED, Audio.NATIVE)
    # How many images the card's "image" means is in the docs only.
    assert model.images == Count(0, 2)
    assert set(model.assumed) == {"audio", "images", "prompt_max"}
    assert [rate.credits for rate in model.price.rates] == [100]


def test_what_cannot_be_read_is_skipped_with_its_reason_and_nothing_else_is() -> None:
    answer: list[Any] = [
        *ROWS[:2],
        {"slug": "odd", "durations": {"oops": None}},
        {"slug": "retired", "durations": [5], "enabled": False},
        {"slug": "greedy", "durations": [5], "min_images": 40, "max_images": 50},
        {"slug": "silent"},
        {"durations": [5]},
        "a word",
        ROWS[0],
    ]
    catalogue = read_catalogue(answer)
    assert len(catalogue.models) == 2
    assert {skipped.name: skipped.reason for skipped in catalogue.skipped} == {
        "odd": "its durations cannot be read",
        "retired": "the provider says that it is not available",
        "greedy": "it needs 40 images, which is more than it takes or than can be offered",
        "silent": "it says nothing about what the model can do",
        "#7": "it has no slug",
        "#8": "it is not an object",
        ROWS[0]["slug"]: "it stands in the answer twice; the first is used",
    }


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        (8, (8,)),
        ("8 seconds", (8,)),
        ([10, "5s", "15 sec"], (5, 10, 15)),
        ([5.0, 10.0], (5, 10)),
        ("5, 10", (5, 10)),
        ("3-6", (3, 4, 5, 6)),
        ("3 to 5 seconds", (3, 4, 5)),
        ("clip length, 3–5", (3, 4, 5)),
        ({"min": 3, "max": 5}, (3, 4, 5)),
        ({"min": "4s", "max": "12s", "step": 4}, (4, 8, 12)),
        ({"values": [5, 10]}, (5, 10)),
        ({"5": "5 seconds", "10": "10 seconds"}, (5, 10)),
        ([{"value": 5, "label": "5 s"}, {"seconds": 10}], (5, 10)),
        ([], ()),
        ("clip length", ()),
        ({"oops": None}, None),
        ([5, "soon"], None),
        (7.5, None),
        (True, None),
        (-5, None),
        ({"min": 1, "max": 10**12}, None),
    ],
)
def test_durations_are_whole_seconds_however_they_are_written(stated: Any, seconds: tuple[int, ...] | None) -> None:
    assert read_seconds(stated) == seconds


def test_what_the_answer_states_wins_over_what_is_documented() -> None:
    documented = only({"slug": "kling_3_0"})
    assert (documented.audio, documented.share, documented.start_end_frames) == (Audio.OPTIONAL, True, True)
    assert {"audio", "share", "start_end_frames", "images"} <= set(documented.assumed)
    stated = only(
        {"slug": "kling_3_0", "audio": False, "supports_directory_optin": "no", "frames": [], "max_images": 3}
    )
    assert (stated.audio, stated.share, stated.start_end_frames) == (Audio.NONE, False, False)
    assert stated.images == Count(0, 3)
    assert not {"audio", "share", "start_end_frames", "images"} & set(stated.assumed)


def test_families_are_known_by_slug_engine_or_name() -> None:
    seedance = only({"slug": "x1", "name": "Seedance 2.0"})
    assert seedance.modes == tuple(Mode)
    assert seedance.return_last_frame
    assert seedance.images == NO_INPUT
    assert only({"slug": "x2", "name": "Seedance 1.5 Pro"}).modes == ()
    motion = only({"slug": "kling_3_0_motion_control", "durations": [3, 30]})
    assert (motion.orientations, motion.clip_seconds) == (("video", "image"), Span(3, 30))
    assert (motion.durations, motion.images, motion.videos) == ((), Count(1, 1), Count(1, 1))
    assert not motion.start_end_frames
    assert only({"slug": "wan_2_6_v2v"}).videos == Count(1, 1)
    assert only({"slug": "x3", "name": "Sora 2 Pro Storyboard"}).prompt is Need.OPTIONAL


def test_a_model_that_nobody_knows_is_offered_by_what_its_inputs_say() -> None:
    assert only({"inputs": ["text"]}).images == NO_INPUT
    assert only({"inputs": ["text", "image"]}).images == Count(0, 1)
    picture = only({"inputs": ["image"]})
    assert (picture.images, picture.prompt) == (Count(1, 1), Need.OPTIONAL)
    assert only({"supports_audio": True}).audio is Audio.OPTIONAL
    assert only({"modes": ["text_to_video", "image_to_video"]}).modes == ()


def test_the_version_changes_with_the_models_and_not_with_their_order() -> None:
    assert read_catalogue(ROWS).version == read_catalogue(ROWS[::-1]).version
    dearer = [{**ROWS[0], "credits": {"base": 101}}, *ROWS[1:]]
    assert read_catalogue(ROWS).version != read_catalogue(dearer).version


KEYS = sorted(
    {*ROWS[0], *DOCUMENTED_CARD, *MARKS, *SLUG, *NAME, *ENGINE, *LISTS, *PRICE, *CHOICE_KEYS}
    | {"models", "data", "min", "max", "pro", "per_second", "requires_image", "max_images", "video_to_video"}
)
WORDS = ["16:9", "5", "3-15", "std", "text", "image", "native", "none", "20/s", "base: 100", "text_to_video", "\x00"]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(anything)
def test_no_answer_whatsoever_breaks_the_reader(answer: Any) -> None:
    catalogue = read_catalogue(answer)
    for model in catalogue.models:
        assert 0 < len(model.slug) <= 200
        request = complete(GenerationRequest(model.slug, {"prompt": "a fox"}), model)
        assert estimate(model, request).credits >= 0
        if not validate(request, model):
            assert payload(request, model)["model_slug"] == model.slug
    assert json.dumps([skipped.reason for skipped in catalogue.skipped])


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([*ROWS[0], "frames", "character_orientations"]), anything)
def test_one_spoilt_fact_costs_at_most_its_model(name: str, value: Any) -> None:
    slugs = {model.slug for model in read_catalogue([{**ROWS[0], name: value}, *ROWS[1:]]).models}
    assert slugs >= {row["slug"] for row in ROWS[1:]}


def test_a_storyboard_takes_as_many_images_as_are_stated_and_else_one() -> None:
    """The documentation speaks of "images" and names no number."""
    board: dict[str, Any] = {"slug": "x3", "name": "Sora 2 Pro Storyboard", "inputs": ["text", "image"]}
    assert only(board).images == Count(0, 1)
    assert only({**board, "max_images": 8}).images == Count(0, 8)
