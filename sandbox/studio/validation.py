"""The contract of `POST generate`, read from the provider's pages alone (nothing of the bot is imported).

Stricter than a real server may be, on purpose: a field that the contract does not know, or that belongs to another
model, is refused, so that a misspelt field is found here and not by a member.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.studio.catalogue import ORIENTATION_SECONDS_MAX, SEEDANCE_MODES, Model, Workflow

COMMON_FIELDS = frozenset(
    {
        "model_slug", "prompt", "aspect_ratio", "duration_seconds", "quality_mode", "input_image_urls",
        "input_video_urls", "sound", "prompt_directory_optin",
    }
)  # fmt: skip
SEEDANCE_FIELDS = frozenset(
    {
        "seedance_mode", "first_frame_url", "last_frame_url", "reference_image_urls", "reference_video_urls",
        "reference_audio_urls", "return_last_frame",
    }
)  # fmt: skip
WORKFLOW_FIELDS = {
    Workflow.SEEDANCE_2: SEEDANCE_FIELDS,
    Workflow.KLING_FRAMES: frozenset({"start_frame_url", "end_frame_url", "elements"}),
    Workflow.MOTION_CONTROL: frozenset({"character_orientation"}),
}
KNOWN_FIELDS = COMMON_FIELDS.union(*WORKFLOW_FIELDS.values())
SEEDANCE_REFERENCES_MAX = {"reference_image_urls": 9, "reference_video_urls": 3, "reference_audio_urls": 3}
"""Invented: the pages name the fields but no counts."""
ELEMENTS_MAX = 3
"""Invented, as is the shape `{"name": …, "image_urls": […]}`: the pages only say that it is strictly checked."""


class RequestRefused(Exception):
    """A request that is answered with an error: HTTP status, text, and further fields of the answer."""

    def __init__(self, status: int, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.extra = extra
        self.headers: dict[str, str] = {}


@dataclass(frozen=True)
class Order:
    """A valid request. `seconds` is None where the driving clip decides; `image_urls` holds frames and references."""

    model: Model
    mode: str
    prompt: str
    aspect_ratio: str | None
    seconds: int | None
    quality: str | None
    sound: bool
    optin: bool
    image_urls: tuple[str, ...] = ()
    video_urls: tuple[str, ...] = ()
    orientation: str | None = None
    body: dict[str, Any] = field(default_factory=dict)


def check(body: Any, catalogue: Mapping[str, Model]) -> Order:
    """Read the order of a JSON body for a model of `catalogue` (by slug).

    Raises RequestRefused: 404 for an unknown slug, 400 for whatever else the contract refuses.
    """
    if not isinstance(body, dict):
        raise RequestRefused(400, "Request body must be a JSON object")
    slug = body.get("model_slug")
    if not isinstance(slug, str) or not slug:
        raise RequestRefused(400, "model_slug is required")
    model = catalogue.get(slug)
    if model is None:
        raise RequestRefused(404, "Unknown model_slug")
    _check_fields(body, model)
    prompt = _check_prompt(body, model)
    images = _urls(body, "input_image_urls")
    videos = _urls(body, "input_video_urls")
    _check_count("image", len(images), model.images)
    _check_count("video", len(videos), model.videos)
    if model.workflow is Workflow.STORYBOARD and not prompt and not images:
        raise RequestRefused(400, "Storyboard needs a prompt or at least one image")
    mode, more_images, more_videos = _check_workflow(body, model, bool(images), bool(videos))
    return Order(
        model=model,
        mode=mode,
        prompt=prompt,
        aspect_ratio=_check_ratio(body, model),
        seconds=_check_duration(body, model),
        quality=_check_quality(body, model),
        sound=_check_sound(body, model),
        optin=_check_optin(body, model),
        image_urls=images + more_images,
        video_urls=videos + more_videos,
        orientation=body.get("character_orientation"),
        body=body,
    )


def _check_fields(body: dict[str, Any], model: Model) -> None:
    allowed = COMMON_FIELDS | WORKFLOW_FIELDS.get(model.workflow, frozenset())
    for name in body:
        if name not in KNOWN_FIELDS:
            raise RequestRefused(400, f"Unknown field: {name}")
        if name not in allowed:
            raise RequestRefused(400, f"{name} is not supported for this model")


def _check_prompt(body: dict[str, Any], model: Model) -> str:
    prompt = body.get("prompt", "")
    if not isinstance(prompt, str):
        raise RequestRefused(400, "prompt must be a string")
    if model.prompt_required and not prompt.strip():
        raise RequestRefused(400, "Prompt is required")
    if len(prompt) > model.prompt_max:
        raise RequestRefused(400, f"Prompt is too long (maximum {model.prompt_max} characters)")
    return prompt


def _check_ratio(body: dict[str, Any], model: Model) -> str | None:
    if "aspect_ratio" not in body:
        return model.aspect_ratios[0] if model.aspect_ratios else None
    if body["aspect_ratio"] not in model.aspect_ratios:
        raise RequestRefused(400, "Invalid aspect ratio for this model")
    return str(body["aspect_ratio"])


def _check_duration(body: dict[str, Any], model: Model) -> int | None:
    if "duration_seconds" not in body:
        return None if model.duration_from_clip else model.durations[0]
    seconds = body["duration_seconds"]
    # JSON's true is an int in Python, but not a duration.
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds not in model.durations:
        raise RequestRefused(400, "Invalid duration for this model")
    return seconds


def _check_quality(body: dict[str, Any], model: Model) -> str | None:
    quality = body.get("quality_mode")
    if not model.quality_modes:
        if "quality_mode" in body:
            raise RequestRefused(400, "quality_mode is not supported for this model")
        return None
    if quality is None:
        raise RequestRefused(400, "quality_mode is required for this model")
    if quality not in model.quality_modes:
        raise RequestRefused(400, "Invalid quality mode for this model")
    return str(quality)


def _check_sound(body: dict[str, Any], model: Model) -> bool:
    sound = _flag(body, "sound")
    if sound and model.audio is None:
        raise RequestRefused(400, "Sound is not supported for this model")
    return sound and model.audio == "optional"


def _check_optin(body: dict[str, Any], model: Model) -> bool:
    optin = _flag(body, "prompt_directory_optin")
    if optin and not model.directory_optin:
        raise RequestRefused(400, "prompt_directory_optin is not supported for this model")
    return optin


def _check_count(kind: str, count: int, limits: tuple[int, int]) -> None:
    least, most = limits
    if count < least:
        raise RequestRefused(400, f"This model requires at least {least} {kind} URL(s)")
    if count > most:
        text = f"This model accepts at most {most} {kind} URL(s)" if most else f"This model accepts no {kind} input"
        raise RequestRefused(400, text)


def _check_workflow(
    body: dict[str, Any], model: Model, images: bool, videos: bool
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the job's mode, and the image and video URLs of the model's own fields."""
    if model.workflow is Workflow.SEEDANCE_2:
        return _check_seedance(body)
    if model.workflow is Workflow.MOTION_CONTROL:
        orientation = body.get("character_orientation", "video")
        if orientation not in ORIENTATION_SECONDS_MAX:
            raise RequestRefused(400, "Invalid character_orientation")
        return "motion_control", (), ()
    if model.workflow is Workflow.KLING_FRAMES:
        frames = _check_kling(body)
        return ("image_to_video" if frames or images else "text_to_video"), frames, ()
    if model.workflow is Workflow.STORYBOARD and images:
        return "storyboard", (), ()
    return ("video_to_video" if videos else "image_to_video" if images else "text_to_video"), (), ()


def _check_kling(body: dict[str, Any]) -> tuple[str, ...]:
    frames = tuple(_url(body, name) for name in ("start_frame_url", "end_frame_url") if name in body)
    if "end_frame_url" in body and "start_frame_url" not in body:
        raise RequestRefused(400, "end_frame_url requires start_frame_url")
    if frames and "aspect_ratio" in body:
        raise RequestRefused(400, "aspect_ratio is not allowed with start or end frames")
    elements = body.get("elements", [])
    if not isinstance(elements, list) or len(elements) > ELEMENTS_MAX:
        raise RequestRefused(400, "Invalid elements")
    for element in elements:
        if not isinstance(element, dict) or set(element) != {"name", "image_urls"}:
            raise RequestRefused(400, "Invalid elements")
        if not isinstance(element["name"], str) or not _urls(element, "image_urls"):
            raise RequestRefused(400, "Invalid elements")
    return frames


def _check_seedance(body: dict[str, Any]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    mode = body.get("seedance_mode", "text_to_video")
    if mode not in SEEDANCE_MODES:
        raise RequestRefused(400, "Invalid seedance_mode")
    _flag(body, "return_last_frame")
    needed = {"first_frame": ("first_frame_url",), "first_last_frame": ("first_frame_url", "last_frame_url")}
    frames = needed.get(mode, ())
    for name in ("first_frame_url", "last_frame_url"):
        if name in frames and name not in body:
            raise RequestRefused(400, f"{name} is required for seedance_mode {mode}")
        if name in body and name not in frames:
            raise RequestRefused(400, f"{name} is not allowed for seedance_mode {mode}")
    references = {}
    for name, most in SEEDANCE_REFERENCES_MAX.items():
        if name in body and mode != "multimodal":
            raise RequestRefused(400, f"{name} is not allowed for seedance_mode {mode}")
        references[name] = _urls(body, name, asset_ids=True)
        if len(references[name]) > most:
            raise RequestRefused(400, f"{name} accepts at most {most} URL(s)")
    if mode == "multimodal" and not any(references.values()):
        raise RequestRefused(400, "seedance_mode multimodal requires at least one reference")
    images = tuple(_url(body, name, asset_ids=True) for name in frames)
    return mode, images + references["reference_image_urls"], references["reference_video_urls"]


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise RequestRefused(400, f"{name} must be a boolean")
    return value


def _urls(body: dict[str, Any], name: str, *, asset_ids: bool = False) -> tuple[str, ...]:
    values = body.get(name, [])
    if not isinstance(values, list):
        raise RequestRefused(400, f"{name} must be a list of URLs")
    return tuple(_url({name: value}, name, asset_ids=asset_ids) for value in values)


def _url(body: dict[str, Any], name: str, *, asset_ids: bool = False) -> str:
    value = body[name]
    if isinstance(value, str):
        if asset_ids and value.startswith("asset://") and len(value) > len("asset://"):
            return value
        parts = urlsplit(value)
        if parts.scheme in ("http", "https") and parts.hostname:
            return value
    raise RequestRefused(400, f"Invalid URL in {name}")
