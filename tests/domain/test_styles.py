"""Styles: what moderators may save, and how a style meets a request."""

from dataclasses import replace

import pytest

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Need
from bot.domain.continuing import continuation
from bot.domain.problems import OptionValue, Problem, Rule
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.request import GenerationRequest, complete, payload, validate
from bot.domain.styles import Style, StyleDraft, Wording, read_draft, style_key
from bot.domain.styling import unknown_option, with_style
from tests.discord_ui.catalogues import KLING, MOTION_CONTROL, VEO_FAST, plain

FOX = "a fox"
NOIR = "{prompt}, black and white"


def style(**options: str | int) -> Style:
    return Style(1, StyleDraft("Noir", NOIR, options), 9, 0.0)


@pytest.mark.parametrize(
    ("name", "template", "options", "why"),
    [
        ("", NOIR, {}, Impossible.NOT_A_STYLE_NAME),
        ("x" * 41, NOIR, {}, Impossible.NOT_A_STYLE_NAME),
        ("Noir", "black and white", {}, Impossible.NOT_A_TEMPLATE),
        ("Noir", "{prompt} and {prompt}", {}, Impossible.NOT_A_TEMPLATE),
        ("Noir", "{prompt}" + "x" * 993, {}, Impossible.TEMPLATE_TOO_LONG),
        ("Noir", NOIR, {"aspect_ratio": "wide"}, Impossible.NOT_A_RATIO),
        ("Noir", NOIR, {"duration": "0"}, Impossible.NOT_A_LENGTH),
        ("Noir", NOIR, {"duration": "99999999999"}, Impossible.NOT_A_LENGTH),
        ("Noir", NOIR, {"duration": "٣"}, Impossible.NOT_A_LENGTH),
        ("Noir", NOIR, {"quality": "x" * 41}, Impossible.NOT_A_QUALITY),
    ],
)
def test_what_cannot_be_a_style_is_refused(name: str, template: str, options: dict[str, str], why: Impossible) -> None:
    with pytest.raises(NotPossible) as refused:
        read_draft(name, template, options)
    assert refused.value.why is why


def test_a_style_is_read_as_it_was_meant() -> None:
    typed = {"aspect_ratio": " 9:16 ", "duration": "8 s", "quality": ""}
    assert read_draft("  Film \n noir ", f"\n{NOIR}  ", typed) == StyleDraft(
        "Film noir", NOIR, {"aspect_ratio": "9:16", "duration": 8}
    )
    assert style_key(" FILM  Noir") == style_key("film noir")


def test_braces_in_a_prompt_or_a_template_are_only_braces() -> None:
    wording = Wording("Odd", "{0} {prompt} {name} {{}}")
    assert wording.around(" {prompt} {0} ") == "{0} {prompt} {0} {name} {{}}"


@pytest.mark.parametrize(
    ("given", "options", "values", "overruled"),
    [
        ({}, {"aspect_ratio": "9:16", "duration": 8}, {"aspect_ratio": "9:16", "duration": 8}, {}),
        ({"duration": 5}, {"duration": 8}, {"duration": 5}, {"duration": 8}),
        ({"duration": 8}, {"duration": 8}, {"duration": 8}, {}),
        ({}, {"quality": "PRO"}, {"quality": "pro"}, {}),
        ({}, {"quality": "Standard"}, {"quality": "std"}, {}),
        ({"duration": 5}, {"duration": 99}, {"duration": 5}, {"duration": 99}),
    ],
)
def test_fixed_options_hold_where_the_member_chose_nothing(
    given: dict[str, OptionValue],
    options: dict[str, str | int],
    values: dict[str, OptionValue],
    overruled: dict[str, OptionValue],
) -> None:
    styled = with_style(GenerationRequest(KLING.slug, {"prompt": FOX, **given}), style(**options), KLING)
    assert styled.request.values == {"prompt": FOX, **values}
    assert styled.overruled == overruled
    assert styled.problems == ()
    assert styled.request.style is not None
    assert styled.request.style.fixed == set(values) - set(given)


def test_what_the_model_has_no_option_for_is_passed_over_and_what_it_cannot_do_is_told() -> None:
    bare = plain("bare", "Bare", "Bare", aspect_ratios=(), durations=(5,))
    styled = with_style(GenerationRequest("bare", {"prompt": FOX}), style(aspect_ratio="9:16", quality="pro"), bare)
    assert (styled.request.values, styled.problems) == ({"prompt": FOX}, ())
    styled = with_style(GenerationRequest("bare", {"prompt": FOX}), style(duration=8), bare)
    assert (styled.request.values, styled.beyond, styled.problems) == ({"prompt": FOX}, {"duration": 8}, ())
    styled = with_style(GenerationRequest(KLING.slug, {"prompt": FOX}), style(aspect_ratio="4:3"), KLING)
    ratios = KLING.aspect_ratios
    assert styled.problems == (Problem("aspect_ratio", "4:3", Rule.FIXED, KLING.name, other="Noir", choices=ratios),)


def test_an_option_that_another_one_excludes_is_not_fixed() -> None:
    frame = Attachment("https://cdn.example/a.png", "a.png", "image/png")
    styled = with_style(
        GenerationRequest(KLING.slug, {"prompt": FOX, "first_frame": frame}), style(aspect_ratio="9:16"), KLING
    )
    assert "aspect_ratio" not in styled.request.values
    assert validate(complete(styled.request, KLING), KLING) == ()


def test_a_model_without_a_prompt_takes_no_style() -> None:
    silent = replace(MOTION_CONTROL, prompt=Need.NONE)
    assert with_style(GenerationRequest(silent.slug, {}), style(), silent).problems[0].rule is Rule.KNOWN


def test_the_whole_prompt_is_sent_and_must_fit_while_the_members_own_words_are_kept() -> None:
    request = complete(
        with_style(GenerationRequest(VEO_FAST.slug, {"prompt": FOX}), style(), VEO_FAST).request, VEO_FAST
    )
    assert payload(request, VEO_FAST)["prompt"] == "a fox, black and white"
    assert request.prompt == FOX
    assert GenerationRequest.from_json(request.to_json()) == request
    room = 5_000 - len(NOIR) + len("{prompt}")
    fitting = replace(request, values={**request.values, "prompt": "x" * room})
    assert validate(fitting, VEO_FAST) == ()
    longer = replace(request, values={**request.values, "prompt": "x" * (room + 1)})
    [problem] = validate(longer, VEO_FAST)
    assert (problem.rule, problem.most, problem.other) == (Rule.LENGTH_WITH_STYLE, room, "Noir")


def test_an_option_that_no_model_takes_is_a_mistake_of_the_moderators() -> None:
    models = (KLING, VEO_FAST)
    assert unknown_option(style(aspect_ratio="7:3").draft, models) == ("aspect_ratio", "7:3")
    assert unknown_option(style(aspect_ratio="1:1", duration=8, quality="standard").draft, models) is None


def test_a_continuation_goes_on_in_the_style_of_its_parent() -> None:
    parent = with_style(GenerationRequest(KLING.slug, {"prompt": FOX}), style(duration=8), KLING).request
    frame = Attachment("https://cdn.example/f.png", "f.png", "image/png", None, 1280, 720)
    request = continuation(VEO_FAST, parent, frame, "it runs")
    assert (request.prompt, request.whole_prompt) == ("it runs", "it runs, black and white")
    assert validate(request, VEO_FAST) == ()
