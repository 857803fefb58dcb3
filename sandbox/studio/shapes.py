"""The answers of `models/video` and `history` in the shapes that a real server might give them.

Neither shape is documented: `wrapped` and `jobs` are what this sandbox answers by itself, the others show whether a
caller depends on it.
"""

from collections.abc import Callable
from typing import Any, Literal

from sandbox.studio.catalogue import ORIENTATION_SECONDS_MAX, SEEDANCE_MODES, Model, Workflow

ModelsShape = Literal[
    "wrapped", "bare_list", "data_list", "nested", "by_slug", "bare_by_slug", "other_spellings", "ranges",
    "strings", "by_engine", "one_broken", "empty",
]  # fmt: skip
HistoryShape = Literal["jobs", "bare_list", "nested", "data_list", "results", "without_prompt"]


def model_json(model: Model) -> dict[str, Any]:
    """Return one model as the sandbox spells it."""
    out: dict[str, Any] = {
        "slug": model.slug,
        "display_name": model.name,
        "description": model.description,
        "engine": model.engine,
        "aspect_ratios": list(model.aspect_ratios),
        "durations": list(model.durations),
        "duration_source": "input_video" if model.duration_from_clip else "request",
        "quality_modes": list(model.quality_modes),
        "inputs": list(model.inputs),
        "supports_audio": model.audio is not None,
        "audio": model.audio,
        "credits": model.price.to_json(),
        "prompt_required": model.prompt_required,
        "max_prompt_length": model.prompt_max,
        "min_images": model.images[0],
        "max_images": model.images[1],
        "min_videos": model.videos[0],
        "max_videos": model.videos[1],
        "supports_directory_optin": model.directory_optin,
        "modes": list(SEEDANCE_MODES) if model.workflow is Workflow.SEEDANCE_2 else [],
    }
    if model.workflow is Workflow.KLING_FRAMES:
        out["frames"] = ["start_frame_url", "end_frame_url"]
    if model.workflow is Workflow.MOTION_CONTROL:
        out["character_orientations"] = list(ORIENTATION_SECONDS_MAX)
    return out


def models_answer(models: list[dict[str, Any]], shape: ModelsShape) -> Any:
    """Build the body of `GET models/video` for models as `model_json` gives them."""
    return _MODELS[shape](models)


def history_answer(jobs: list[dict[str, Any]], shape: HistoryShape, total: int, limit: int, offset: int) -> Any:
    """Build the body of `GET history` for job objects, newest first."""
    return _HISTORY[shape](jobs, {"total": total, "limit": limit, "offset": offset})


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _spelt_otherwise(model: dict[str, Any]) -> dict[str, Any]:
    return {
        "model_slug": model["slug"],
        "name": model["display_name"],
        "summary": model["description"],
        "family": model["engine"],
        "supported_aspect_ratios": model["aspect_ratios"],
        "duration_options": model["durations"],
        "quality_options": model["quality_modes"] or None,
        "input_types": model["inputs"],
        "has_audio": model["supports_audio"],
        "pricing": model["credits"],
        "prompt_max_length": model["max_prompt_length"],
        "input_images": {"min": model["min_images"], "max": model["max_images"]},
        "input_videos": {"min": model["min_videos"], "max": model["max_videos"]},
        "directory_discount": model["supports_directory_optin"],
    }


def _with_ranges(model: dict[str, Any]) -> dict[str, Any]:
    seconds = model["durations"]
    if len(seconds) < 3 or seconds != list(range(seconds[0], seconds[-1] + 1)):
        return model
    return {**model, "durations": {"min": seconds[0], "max": seconds[-1], "step": 1}}


def _with_strings(model: dict[str, Any]) -> dict[str, Any]:
    return {**model, "durations": [f"{seconds}s" for seconds in model["durations"]]}


def _by_engine(models: list[dict[str, Any]]) -> dict[str, Any]:
    engines: dict[str, list[dict[str, Any]]] = {}
    for model in models:
        engines.setdefault(model["engine"], []).append(_without(model, "engine"))
    return {"success": True, "engines": [{"engine": name, "models": rows} for name, rows in engines.items()]}


def _broken(models: list[dict[str, Any]]) -> list[Any]:
    return [*models, {"slug": "broken_model", "durations": {"oops": None}, "aspect_ratios": 7, "credits": "many"}, None]


_MODELS: dict[ModelsShape, Callable[[list[dict[str, Any]]], Any]] = {
    "wrapped": lambda models: {"success": True, "models": models},
    "bare_list": lambda models: models,
    "data_list": lambda models: {"success": True, "data": models},
    "nested": lambda models: {"success": True, "data": {"models": models, "count": len(models)}},
    "by_slug": lambda models: {"success": True, "models": {m["slug"]: _without(m, "slug") for m in models}},
    "bare_by_slug": lambda models: {m["slug"]: _without(m, "slug") for m in models},
    "other_spellings": lambda models: {"results": [_spelt_otherwise(m) for m in models]},
    "ranges": lambda models: {"success": True, "models": [_with_ranges(m) for m in models]},
    "strings": lambda models: {"success": True, "models": [_with_strings(m) for m in models]},
    "by_engine": _by_engine,
    "one_broken": lambda models: {"success": True, "models": _broken(models)},
    "empty": lambda models: {"success": True, "models": []},
}

_SECRETIVE = ("prompt", "aspect_ratio", "duration_seconds", "quality_mode", "input_image_urls", "input_video_urls")
_HISTORY: dict[HistoryShape, Callable[[list[dict[str, Any]], dict[str, int]], Any]] = {
    "jobs": lambda jobs, page: {"success": True, "jobs": jobs, **page},
    "bare_list": lambda jobs, page: jobs,
    "nested": lambda jobs, page: {"success": True, "history": {"items": jobs, **page}},
    "data_list": lambda jobs, page: {"data": jobs},
    "results": lambda jobs, page: {"count": page["total"], "next": None, "previous": None, "results": jobs},
    "without_prompt": lambda jobs, page: {
        "success": True,
        "jobs": [_without(job, *_SECRETIVE) for job in jobs],
        **page,
    },
}
