"""For any capability: what its options allow is accepted by an independent reading, and everything else is refused."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.discord_ui.views.problem_words import problem_words
from bot.domain.attachments import SIZE_BYTES_MAX, Attachment, MediaKind
from bot.domain.capabilities import Capability
from bot.domain.fields import OptionKind, OptionSpec, options_for
from bot.domain.prices import Price
from bot.domain.problems import Problem
from bot.domain.request import GenerationRequest, complete, payload, validate
from tests.support.capability_strategies import allowed_values, attachment, capabilities, choices, refused_fields

BOUNDED = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


def clip_seconds(values: dict[str, Any]) -> float | None:
    clip = values.get("video")
    return clip.duration if isinstance(clip, Attachment) else None


@st.composite
def asked(draw: st.DrawFn) -> tuple[Capability, dict[str, Any]]:
    capability = draw(capabilities())
    return capability, draw(choices(capability))


@st.composite
def accepted(draw: st.DrawFn) -> tuple[Capability, dict[str, Any]]:
    """Return a request that the independent reading accepts, by leaving out what it refuses as far as that helps."""
    capability, values = draw(asked())
    values = dict(complete(GenerationRequest(capability.slug, values), capability).values)
    if draw(st.booleans()):
        values = {name: value for name, value in values.items() if not name.startswith(("reference_", "last_frame"))}
    body = payload(GenerationRequest(capability.slug, values), capability)
    assume(not refused_fields(capability, body, clip_seconds(values)))
    return capability, values


@BOUNDED
@given(asked())
def test_options_are_accepted_exactly_where_an_independent_reading_accepts_them(
    case: tuple[Capability, dict[str, Any]],
) -> None:
    capability, values = case
    request = GenerationRequest(capability.slug, values)
    refused = refused_fields(capability, payload(request, capability), clip_seconds(values))
    assert bool(validate(request, capability)) == bool(refused), refused


@BOUNDED
@given(asked())
def test_a_request_survives_storage(case: tuple[Capability, dict[str, Any]]) -> None:
    request = GenerationRequest(case[0].slug, case[1])
    assert GenerationRequest.from_json(request.to_json()) == request


def test_a_remembered_true_is_no_duration_of_one_second() -> None:
    model = Capability("m", "M", "", "E", Price(), durations=(1,))
    completed = complete(GenerationRequest("m", {"prompt": "x"}), model, {"duration": True})
    assert completed.values["duration"] is not True


@BOUNDED
@given(asked(), st.data())
def test_completing_never_spoils_a_request_whatever_is_remembered(
    case: tuple[Capability, dict[str, Any]], data: st.DataObject
) -> None:
    capability, values = case
    if capability.quality_modes:
        values.setdefault("quality", capability.quality_modes[0])
    request = GenerationRequest(capability.slug, values)
    assume(not validate(request, capability))
    names = [spec.name for spec in options_for(capability)]
    odd: st.SearchStrategy[Any] = st.sampled_from(["16:9", "std", 5, 7, True, None, "no such thing", []])
    remembered = data.draw(st.dictionaries(st.sampled_from(names), odd)) if names else {}

    completed = complete(request, capability, remembered)

    assert dict(values).items() <= dict(completed.values).items()
    # Only what another rule forbids may be wrong: an orientation that is filled in can make a long clip too long.
    assert {found.option for found in validate(completed, capability)} <= {"video"}


def spoilt_values(spec: OptionSpec) -> st.SearchStrategy[Any]:
    """Values that one option does not allow, of its own kind and of others."""
    wrong_kind = st.sampled_from([3.5, [], {"url": "https://cdn.example/a.png"}])
    if spec.kind is OptionKind.TEXT:
        too_long = st.just("x" * (spec.max_length + 1)) if spec.max_length else st.just(7)
        return too_long | wrong_kind
    if spec.kind is OptionKind.CHOICE:
        return st.sampled_from(["", "17:9", 1, True]) | wrong_kind if "" not in spec.choices else wrong_kind
    if spec.kind is OptionKind.INTEGER:
        outside = st.integers().filter(lambda seconds: seconds not in spec.choices)
        return outside | st.sampled_from(["5", "5s", True]) | wrong_kind
    if spec.kind is OptionKind.BOOLEAN:
        return st.sampled_from(["true", 1, 0]) | wrong_kind
    return spoilt_files(spec)


def spoilt_files(spec: OptionSpec) -> st.SearchStrategy[Any]:
    good = attachment(spec.kind, spec.name)
    other = OptionKind.AUDIO if spec.kind is not OptionKind.AUDIO else OptionKind.IMAGE
    return st.sampled_from(
        [
            "https://cdn.example/a.png",
            attachment(other, spec.name),
            replace(good, content_type=None, filename="unknown"),
            replace(good, content_type="text/html", filename="page.html"),
            replace(good, size_bytes=SIZE_BYTES_MAX[MediaKind(spec.kind.value)] + 1),
            replace(good, url="file:///etc/passwd"),
            replace(good, url="ftp://cdn.example/a"),
            replace(good, url="https://"),
            replace(good, url="http://[broken"),
        ]
    )


def names_it(problems: tuple[Problem, ...], option: str) -> bool:
    return any(found.option == option and f"`{option}`" in problem_words(found) for found in problems)


@BOUNDED
@given(accepted(), st.data())
def test_one_wrong_value_is_refused_and_named(case: tuple[Capability, dict[str, Any]], data: st.DataObject) -> None:
    capability, values = case
    specs = options_for(capability)
    assume(specs)
    spec = data.draw(st.sampled_from(specs))
    spoilt = {**values, spec.name: data.draw(spoilt_values(spec))}
    assert names_it(validate(GenerationRequest(capability.slug, spoilt), capability), spec.name)


@BOUNDED
@given(accepted(), st.data())
def test_an_option_that_the_model_lacks_is_refused_and_named(
    case: tuple[Capability, dict[str, Any]], data: st.DataObject
) -> None:
    capability, values = case
    everything = (
        *("prompt", "image", "image_4", "video", "video_4", "aspect_ratio", "duration", "quality", "sound", "share"),
        *("first_frame", "last_frame", "reference_image", "reference_video", "reference_audio", "orientation"),
        *("return_last_frame", "elements", "seed", "n"),
    )
    lacking = sorted(set(everything) - {spec.name for spec in options_for(capability)})
    name = data.draw(st.sampled_from(lacking))
    problems = validate(GenerationRequest(capability.slug, {**values, name: "anything"}), capability)
    assert names_it(problems, name)


@BOUNDED
@given(accepted())
def test_leaving_out_what_is_required_is_refused_and_named(case: tuple[Capability, dict[str, Any]]) -> None:
    capability, values = case
    required = [spec.name for spec in options_for(capability) if spec.required]
    if capability.quality_modes:
        required.append("quality")
    for name in required:
        rest = {other: value for other, value in values.items() if other != name}
        assert names_it(validate(GenerationRequest(capability.slug, rest), capability), name)


@BOUNDED
@given(capabilities(), st.data())
def test_every_option_has_a_default_that_it_allows(capability: Capability, data: st.DataObject) -> None:
    for spec in options_for(capability):
        if spec.default is not None:
            assert spec.default in (spec.choices or (True, False))
        if spec.choices:
            assert data.draw(allowed_values(spec)) in spec.choices
