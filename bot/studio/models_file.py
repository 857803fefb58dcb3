"""The owner's file of models (setting MODELS_FILE): corrections of what the provider states, in the same terms.

[models.kling_3_0]
aspect_ratios = ["16:9", "9:16", "1:1"]
durations = "3-15"
quality_modes = ["std", "pro"]
credits = { per_second = { std = 20, pro = 30 } }

[models.old_model]
offered = false
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.reading.lenient import NAME_CHARACTERS_MAX, WHOLE_MAX, WORD_CHARACTERS_MAX
from bot.studio.reading.prices import read_price
from bot.studio.reading.seconds import SECONDS_MAX, read_seconds

BYTES_MAX = 1_000_000
"""Largest file that is read, in bytes."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_CHARACTERS_MAX)]
Credits = Annotated[int, Field(ge=0, le=WHOLE_MAX)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=WORD_CHARACTERS_MAX)]


class ModelsFileProblem(ValueError):
    """The file cannot be used; the message is one line that names the file, the line and the field."""


class Files(BaseModel):
    """How many files of a kind a model takes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    min: Annotated[int, Field(ge=0, le=10)] = 0
    max: Annotated[int, Field(ge=0, le=10)]


class Card(BaseModel):
    """One model. Fields that are left out are taken from the provider's answer, or from its documentation."""

    model_config = ConfigDict(extra="forbid", strict=True)

    offered: bool = True
    name: Name | None = None
    description: str | None = None
    engine: Name | None = None
    aspect_ratios: list[Word] | None = None
    durations: list[int] | int | str | None = None
    quality_modes: list[Word] | None = None
    inputs: list[Literal["text", "image", "video", "start_frame"]] | None = None
    images: Files | None = None
    videos: Files | None = None
    prompt: Literal["required", "optional", "none"] | None = None
    prompt_max: Annotated[int, Field(ge=1, le=100_000)] | None = None
    audio: Literal["none", "native", "optional"] | None = None
    share: bool | None = None
    start_end_frames: bool | None = None
    seedance_modes: list[Literal["text_to_video", "first_frame", "first_last_frame", "multimodal"]] | None = None
    character_orientations: list[Literal["video", "image"]] | None = None
    return_last_frame: bool | None = None
    credits: Credits | Annotated[float, Field(ge=0, le=WHOLE_MAX)] | str | dict[str, object] | list[object] | None = (
        None
    )

    @field_validator("durations")
    @classmethod
    def _whole_seconds(cls, value: list[int] | int | str | None) -> list[int] | int | str | None:
        stated: JsonValue = list(value) if isinstance(value, list) else value
        if value is not None and not read_seconds(stated) and value != []:
            raise ValueError(f'must be whole seconds up to {SECONDS_MAX}: [5, 10] or "3-15"')
        return value

    def facts(self) -> JsonObject:
        """Return the fields that are set, under keys that `bot.studio.reading.model` reads."""
        stated: JsonObject = self.model_dump(exclude_unset=True, exclude_none=True)
        for field, key in (("images", "input_images"), ("videos", "input_videos"), ("share", "directory_optin")):
            if field in stated:
                stated[key] = stated.pop(field)
        return stated


def read_models_file(path: Path) -> Mapping[str, JsonObject]:
    """Return the facts of each model in the file, by slug. Raises ModelsFileProblem."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ModelsFileProblem(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > BYTES_MAX:
        raise ModelsFileProblem(f"{path} is larger than {BYTES_MAX:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
        stated = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelsFileProblem(f"{path} is not TOML: {error}") from None
    for key in stated:
        if key != "models":
            raise ModelsFileProblem(f"{path}, line {_line_of(text, [key])}: {key}: unknown; write [models.SLUG]")
    models = stated.get("models", {})
    if not isinstance(models, dict):
        raise ModelsFileProblem(
            f"{path}, line {_line_of(text, ['models'])}: models: write [models.SLUG] for each model"
        )
    return {slug: _card(path, text, slug, card) for slug, card in models.items()}


def _card(path: Path, text: str, slug: str, stated: object) -> JsonObject:
    where = ["models", slug]
    if not slug or len(slug) > NAME_CHARACTERS_MAX or not slug.isprintable() or not isinstance(stated, dict):
        raise ModelsFileProblem(
            f"{path}, line {_line_of(text, where)}: {slug[:40]!r}: write [models.SLUG] and its fields"
        )
    try:
        facts = Card.model_validate(stated).facts()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0])
        line = _line_of(text, [*where, field])
        raise ModelsFileProblem(
            f"{path}, line {line}: {slug}: {field}: {_complaint(first['type'], field, first['msg'])}"
        ) from None
    qualities = stated.get("quality_modes", [])
    if "credits" in facts and not read_price(facts["credits"], qualities)[1]["understood"]:
        line = _line_of(text, [*where, "credits"])
        hint = "write a number, or a table by quality mode, seconds or sound; quality modes must be in quality_modes"
        raise ModelsFileProblem(f"{path}, line {line}: {slug}: credits: cannot be understood: {hint}")
    return facts


def _complaint(kind: str, field: str, message: str) -> str:
    if kind == "extra_forbidden":
        return f"unknown field; the fields are {', '.join(Card.model_fields)}"
    if field in ("durations", "credits") and kind != "value_error":
        forms = {"durations": '[5, 10], 8 or "3-15"', "credits": "100, { base = 100 } or { per_second = 20 }"}
        return f"must be like {forms[field]}"
    return message.removeprefix("Value error, ")


def _line_of(text: str, path: list[str]) -> int:
    """Return the line on which a table or field stands, as well as that can be told; 1 if it is not found.

    tomllib does not report lines, so that this looks for the table's header and for the field below it.
    """
    line = 1
    for depth, name in enumerate(path):
        quoted = rf"[\"']?{re.escape(name)}[\"']?"
        header, field = (
            re.compile(rf"^\s*\[.*\b{quoted}\s*(?:\]|\.)"),
            re.compile(rf"^\s*(?:[\w\"'.-]+\.)?{quoted}\s*[=.]"),
        )
        lines = list(enumerate(text.splitlines(), start=1))[line - 1 :]
        line = next(
            (number for number, words in lines if (depth < 2 and header.search(words)) or field.search(words)), line
        )
    return line
