"""The owner's file of models: it corrects and adds models, and says in one line where it is wrong."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.capabilities import Audio, Count, Need
from bot.domain.pricing import estimate
from bot.domain.request import GenerationRequest, complete
from bot.studio.models_file import Card, ModelsFileProblem, read_models_file
from bot.studio.reading.catalogue import read_catalogue

ANSWER: Any = {"models": [
    {"slug": "kling_3_0", "name": "Kling", "engine": "Kling 3.0", "duration_options": [5],
     "aspect_ratio_options": ["16:9"], "description": "as the provider says", "pricing": {"odd": {"thing": 1}}},
    {"slug": "old_model", "durations": [5]},
    {"slug": "odd_model", "durations": {"oops": None}},
]}  # fmt: skip
GOOD = """
[models.kling_3_0]
name = "Kling 3.0"
aspect_ratios = ["16:9", "1:1"]
durations = "3-15"
quality_modes = ["std", "pro"]
inputs = ["text", "image"]
images = { min = 0, max = 2 }
audio = "none"
credits = { per_second = { std = 20, pro = 30 } }

[models.old_model]
offered = false

[models.odd_model]
durations = [5, 10]

[models."new.model"]
engine = "New"
durations = 8
prompt = "optional"
prompt_max = 900
credits = 70
"""


@pytest.fixture
def models_file(tmp_path: Path) -> Path:
    path = tmp_path / "models.toml"
    path.write_text(GOOD)
    return path


def test_the_owner_corrects_hides_repairs_and_adds_models(models_file: Path) -> None:
    catalogue = read_catalogue(ANSWER, read_models_file(models_file))
    assert [model.slug for model in catalogue.models] == ["kling_3_0", "new.model", "odd_model"]
    assert catalogue.skipped == ()
    assert catalogue.own == {"new.model"}
    assert catalogue.unused == {"odd_model": ("durations",)}
    kling, new, odd = catalogue.models
    assert (kling.name, kling.engine, kling.description) == ("Kling 3.0", "Kling 3.0", "as the provider says")
    assert (kling.aspect_ratios, kling.durations) == (("16:9", "1:1"), tuple(range(3, 16)))
    assert (kling.images, kling.audio) == (Count(0, 2), Audio.NONE)
    priced = estimate(kling, complete(GenerationRequest("kling_3_0", {"prompt": "a", "duration": 5}), kling))
    assert (priced.credits, priced.certain) == (100, True)
    assert (new.engine, new.durations, new.prompt, new.prompt_max) == ("New", (8,), Need.OPTIONAL, 900)
    assert odd.durations == (5, 10)


def test_a_file_that_stands_alone_is_no_answer_of_the_provider(models_file: Path) -> None:
    catalogue = read_catalogue({"success": True}, read_models_file(models_file))
    assert "new.model" in [model.slug for model in catalogue.models]
    assert not catalogue.understood


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[models.m]\ndurations = 5\nfps = 24\n", "line 3: m: fps: unknown field; the fields are offered, name, "),
        (
            "[models.a]\ndurations = 5\n\n[models.b]\ndurations = 'soon'\n",
            "line 5: b: durations: must be whole seconds",
        ),
        ("[models.m]\ndurations = true\n", 'line 2: m: durations: must be like [5, 10], 8 or "3-15"'),
        ("[models.m]\naudio = 'loud'\n", "line 2: m: audio: Input should be 'none', 'native' or 'optional'"),
        ("[models.m]\nimages = { min = 0, most = 2 }\n", "line 2: m: images: "),
        ("[models.m]\nquality_modes = ['std']\ncredits = { gold = 5 }\n", "line 3: m: credits: cannot be understood"),
        ("[models.m]\ncredits = -5\n", "line 2: m: credits: "),
        ("[models.m]\nname = ''\n", "line 2: m: name: "),
        ("[model.m]\ndurations = 5\n", "line 1: model: unknown; write [models.SLUG]"),
        ("[[models]]\nslug = 'm'\n", "line 1: models: write [models.SLUG] for each model"),
        ("[models]\nm = 5\n", "line 2: 'm': write [models.SLUG] and its fields"),
        ("[models.m\n", "is not TOML: "),
        ("\x00", "is not TOML: "),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "models.toml"
    path.write_text(text)
    with pytest.raises(ModelsFileProblem) as problem:
        read_models_file(path)
    assert complaint in str(problem.value)
    assert str(path) in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelsFileProblem, match="cannot be read: No such file"):
        read_models_file(tmp_path / "none.toml")


def test_every_field_reaches_the_model() -> None:
    values: dict[str, Any] = {
        "name": "N", "description": "D", "engine": "E", "aspect_ratios": ["1:1"], "durations": [4, 8],
        "quality_modes": ["std"], "inputs": ["text", "image", "video"], "images": {"min": 1, "max": 3},
        "videos": {"min": 0, "max": 2}, "prompt": "none", "prompt_max": 7, "audio": "optional", "share": True,
        "start_end_frames": True, "seedance_modes": ["multimodal"], "return_last_frame": True, "credits": 3.5,
    }  # fmt: skip
    assert set(Card.model_fields) == {*values, "offered", "character_orientations"}
    (model,) = read_catalogue([], {"m": Card.model_validate(values).facts()}).models
    assert (model.name, model.description, model.engine) == ("N", "D", "E")
    assert (model.aspect_ratios, model.durations, model.quality_modes) == (("1:1",), (4, 8), ("std",))
    assert (model.images, model.videos, model.prompt, model.prompt_max) == (Count(1, 3), Count(0, 2), Need.NONE, 7)
    assert (model.audio, model.share, model.start_end_frames, model.return_last_frame) == (
        Audio.OPTIONAL, True, True, True,
    )  # fmt: skip
    assert [mode.value for mode in model.modes] == ["multimodal"]
    assert [float(rate.credits) for rate in model.price.rates] == [3.5]
    (motion,) = read_catalogue([], {"m": {"durations": "3-10", "character_orientations": ["image"]}}).models
    assert (motion.orientations, motion.clip_seconds is not None) == (("image",), True)
