"""Random capabilities, requests for them, and an independent reading of what a capability accepts.

The reading knows the wire names and the provider's rules, and nothing of the table that it checks.
"""

from typing import Any

from hypothesis import strategies as st

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Audio, Capability, Count, Mode, Need, Span
from bot.domain.fields import OptionKind, OptionSpec, options_for
from bot.domain.prices import Price

RATIOS = ("16:9", "9:16", "1:1", "21:9", "Auto")
QUALITIES = ("std", "pro", "720p", "1080p")
EXTENSIONS = {OptionKind.IMAGE: "png", OptionKind.VIDEO: "mp4", OptionKind.AUDIO: "mp3"}
TYPES = {OptionKind.IMAGE: "image/png", OptionKind.VIDEO: "video/mp4", OptionKind.AUDIO: "audio/mpeg"}


def some(choices: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(choices), unique=True).map(tuple)


counts = st.tuples(st.integers(0, 2), st.integers(0, 3)).map(lambda pair: Count(min(pair), max(pair)))


@st.composite
def capabilities(draw: st.DrawFn) -> Capability:
    modes = draw(some(tuple(Mode)))
    motion = draw(st.booleans())
    references = draw(counts) if Mode.MULTIMODAL in modes else Count(0, 0)
    return Capability(
        slug=draw(st.sampled_from(("veo31_fast", "kling_3_0", "modèle_x"))),
        name="A model",
        description="",
        engine="An engine",
        price=Price(),
        aspect_ratios=draw(some(RATIOS)),
        durations=tuple(sorted(draw(st.sets(st.integers(1, 120), max_size=6)))),
        quality_modes=draw(some(QUALITIES)),
        prompt=draw(st.sampled_from(Need)),
        prompt_max=draw(st.none() | st.integers(1, 40)),
        images=draw(counts),
        videos=draw(counts),
        audio=draw(st.sampled_from(Audio)),
        share=draw(st.booleans()),
        start_end_frames=draw(st.booleans()) if not modes else False,
        modes=modes,
        reference_images=Count(0, references.maximum),
        reference_videos=Count(0, draw(st.integers(0, 2)) if references.maximum else 0),
        reference_audios=Count(0, draw(st.integers(0, 2)) if references.maximum else 0),
        orientations=("video", "image") if motion else (),
        clip_seconds=Span(3, 30) if motion else None,
        return_last_frame=draw(st.booleans()),
    )


def attachment(kind: OptionKind, name: str, duration: float | None = None) -> Attachment:
    url = f"https://cdn.example/{name}.{EXTENSIONS[kind]}"
    return Attachment(url, f"{name}.{EXTENSIONS[kind]}", TYPES[kind], 1000, duration=duration)


def allowed_values(spec: OptionSpec) -> st.SearchStrategy[Any]:
    """Return a strategy of the values that one option allows by itself."""
    if spec.kind is OptionKind.TEXT:
        return st.text(alphabet="abc é\n", min_size=1, max_size=min(spec.max_length or 40, 40))
    if spec.kind is OptionKind.BOOLEAN:
        return st.booleans()
    if spec.kind.is_attachment:
        seconds = st.none() | st.floats(1, 40) if spec.kind is OptionKind.VIDEO else st.none()
        return seconds.map(lambda duration: attachment(spec.kind, spec.name, duration))
    return st.sampled_from(spec.choices)


@st.composite
def choices(draw: st.DrawFn, capability: Capability) -> dict[str, Any]:
    """Draw a combination of what the options allow: required ones always, others sometimes."""
    values = {}
    for spec in options_for(capability):
        if spec.required or draw(st.booleans()):
            values[spec.name] = draw(allowed_values(spec))
    return values


def refused_fields(model: Capability, body: dict[str, Any], clip_seconds: float | None) -> set[str]:
    """Return the wire fields for which the provider's documentation would refuse a body."""
    wrong = set(body) - _known_fields(model)
    urls = [name for name in body if name.endswith(("_url", "_urls"))]
    prompt = body.get("prompt", "")
    if model.prompt is Need.REQUIRED and not prompt.strip():
        wrong.add("prompt")
    if model.prompt is Need.OPTIONAL and not prompt.strip() and not urls:
        wrong.add("prompt")
    if model.prompt_max is not None and len(prompt) > model.prompt_max:
        wrong.add("prompt")
    if "aspect_ratio" in body:
        framed = "start_frame_url" in body or "end_frame_url" in body
        if body["aspect_ratio"] not in model.aspect_ratios or framed:
            wrong.add("aspect_ratio")
    if "duration_seconds" in body and body["duration_seconds"] not in model.durations:
        wrong.add("duration_seconds")
    if model.quality_modes and body.get("quality_mode") not in model.quality_modes:
        wrong.add("quality_mode")
    for name, count in (("input_image_urls", model.images), ("input_video_urls", model.videos)):
        if not count.minimum <= len(body.get(name, [])) <= count.maximum:
            wrong.add(name)
    # The bot's own rule: two images to start from would contradict each other.
    frames = {"start_frame_url", "end_frame_url", "first_frame_url", "last_frame_url"} & set(body)
    if frames and "input_image_urls" in body:
        wrong.add("input_image_urls")
    if "end_frame_url" in body and "start_frame_url" not in body:
        wrong.add("start_frame_url")
    return wrong | _refused_mode(model, body) | _refused_clip(model, body, clip_seconds)


def _known_fields(model: Capability) -> set[str]:
    known = {"model_slug"}
    known |= {"prompt"} if model.prompt is not Need.NONE else set()
    known |= {"aspect_ratio"} if model.aspect_ratios else set()
    known |= {"duration_seconds"} if model.durations else set()
    known |= {"quality_mode"} if model.quality_modes else set()
    known |= {"sound"} if model.audio is Audio.OPTIONAL else set()
    known |= {"prompt_directory_optin"} if model.share else set()
    known |= {"input_image_urls"} if model.images.maximum else set()
    known |= {"input_video_urls"} if model.videos.maximum else set()
    known |= {"start_frame_url", "end_frame_url"} if model.start_end_frames else set()
    known |= {"character_orientation"} if model.orientations else set()
    known |= {"return_last_frame"} if model.return_last_frame else set()
    if model.modes:
        known |= {"seedance_mode", "first_frame_url", "last_frame_url"}
        known |= {"reference_image_urls", "reference_video_urls", "reference_audio_urls"}
    return known


def _refused_mode(model: Capability, body: dict[str, Any]) -> set[str]:
    if not model.modes:
        return set()
    frames = {name for name in ("first_frame_url", "last_frame_url") if name in body}
    references = {name for name in body if name.startswith("reference_")}
    takes = {
        "text_to_video": (set(), False),
        "first_frame": ({"first_frame_url"}, False),
        "first_last_frame": ({"first_frame_url", "last_frame_url"}, False),
        "multimodal": (set(), True),
    }
    mode = body["seedance_mode"]
    if mode not in {each.value for each in model.modes} or takes[mode] != (frames, bool(references)):
        return {"seedance_mode"}
    return set()


def _refused_clip(model: Capability, body: dict[str, Any], seconds: float | None) -> set[str]:
    if not model.orientations or seconds is None:
        return set()
    longest = 10 if body.get("character_orientation") == "image" else 30
    return set() if 3 <= seconds <= longest else {"input_video_urls"}
