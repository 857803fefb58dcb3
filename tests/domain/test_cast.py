"""Saved pictures: their names, and which option of a model each is given to."""

from dataclasses import replace

import pytest

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Capability, Count
from bot.domain.cast import CastPicture, Named, digest_in, find_named, picture_type, read_name, read_named, usable
from bot.domain.casting import picture_kinds, place, takes_pictures
from bot.domain.problems import OptionValue, Problem, Rule
from bot.domain.refusals import NotPossible
from bot.domain.request import GenerationRequest, complete, payload, validate
from tests.discord_ui.catalogues import KLING, MOTION_CONTROL, SEEDANCE_2, VEO_FAST, WAN_REMIX, plain

FILE = Attachment("https://cdn.example/a.png", "a.png", "image/png")
STORYBOARD = plain("board", "Board", "Board", images=Count(0, 12))


def picture(name: str, number: int = 1, *, shared: bool = False, size: int = 1_000) -> CastPicture:
    guild = 5 if shared else 0
    return CastPicture(number, guild, 7, name, "image/jpeg", size, f"{number:032x}", 640, 480, 0.0)


def placed(model: Capability, values: dict[str, OptionValue], *names: str) -> dict[str, str]:
    """Return which option each name is given to."""
    wanted = [(named, picture(named.name, n)) for n, named in enumerate(read_named(", ".join(names)), start=1)]
    done = place({"prompt": "x", **values}, wanted, model)
    assert done.problems == ()
    by_file = {one.attachment.filename: one.name for _, one in wanted}
    return {
        option: by_file[value.filename]
        for option, value in done.values.items()
        if isinstance(value, Attachment) and value.filename in by_file
    }


@pytest.mark.parametrize(
    ("model", "values", "names", "expected"),
    [
        (VEO_FAST, {}, ["Zoe"], {"image": "Zoe"}),
        (VEO_FAST, {"image": FILE}, ["Zoe"], {"image_2": "Zoe"}),
        (VEO_FAST, {}, ["Zoe", "Rex"], {"image": "Zoe", "image_2": "Rex"}),
        (KLING, {}, ["Zoe"], {"image": "Zoe"}),
        (KLING, {}, ["last_frame=Rex", "first_frame=Zoe"], {"last_frame": "Rex", "first_frame": "Zoe"}),
        (SEEDANCE_2, {}, ["Zoe", "Rex"], {"reference_image": "Zoe", "reference_image_2": "Rex"}),
        (SEEDANCE_2, {"reference_image": FILE}, ["Zoe"], {"reference_image_2": "Zoe"}),
        (SEEDANCE_2, {}, ["FIRST_FRAME = Zoe"], {"first_frame": "Zoe"}),
        (MOTION_CONTROL, {}, ["Zoe"], {"image": "Zoe"}),
        (replace(KLING, images=Count(0, 0)), {}, ["Zoe"], {"first_frame": "Zoe"}),
    ],
)
def test_a_picture_goes_to_the_first_free_option_or_to_the_named_one(
    model: Capability, values: dict[str, OptionValue], names: list[str], expected: dict[str, str]
) -> None:
    assert placed(model, values, *names) == expected


@pytest.mark.parametrize(
    ("model", "values", "names", "rule"),
    [
        (WAN_REMIX, {}, ["Zoe"], Rule.CAST_ROOM),
        (KLING, {"image": FILE}, ["Zoe"], Rule.CAST_ROOM),
        (SEEDANCE_2, {"first_frame": FILE}, ["Zoe"], Rule.CAST_ROOM),
        (VEO_FAST, {}, ["last_frame=Zoe"], Rule.CAST_ROOM),
        (STORYBOARD, {}, [f"p{n}" for n in range(11)], Rule.CAST_COUNT),
        (STORYBOARD, {}, [f"p{n}" for n in range(6)], Rule.CAST_SIZE),
    ],
)
def test_what_has_no_room_is_told(
    model: Capability, values: dict[str, OptionValue], names: list[str], rule: Rule
) -> None:
    wanted = [(one, picture(one.name, n, size=3_500_000)) for n, one in enumerate(read_named(",".join(names)))]
    done = place({"prompt": "x", **values}, wanted, model)
    assert [problem.rule for problem in done.problems] == [rule]
    assert done.values == {"prompt": "x", **values}


def test_frames_and_references_are_not_mixed_by_the_bot_and_a_members_own_mix_is_told() -> None:
    done = place({"prompt": "x", "first_frame": FILE}, [(Named("Zoe", "reference_image"), picture("Zoe"))], SEEDANCE_2)
    request = complete(GenerationRequest(SEEDANCE_2.slug, done.values), SEEDANCE_2)
    assert Rule.NOT_WITH in {problem.rule for problem in validate(request, SEEDANCE_2)}


def test_a_picture_is_known_again_in_a_request_that_was_stored() -> None:
    one = picture("Zoe", 9)
    request = GenerationRequest(VEO_FAST.slug, {"prompt": "x", "image": one.attachment})
    stored = GenerationRequest.from_json(request.to_json()).values["image"]
    assert isinstance(stored, Attachment)
    assert digest_in(stored) == one.digest
    assert digest_in(replace(FILE, filename=one.attachment.filename)) is None, "a member's own file of that name"
    assert payload(request, VEO_FAST)["input_image_urls"] == [f"attachment://cast-{one.digest}.jpg"]


def test_options_that_the_command_has_no_room_for_are_filled_too() -> None:
    names = [f"p{n}" for n in range(1, 11)]
    assert list(placed(STORYBOARD, {}, *names)) == ["image", *(f"image_{n}" for n in range(2, 11))]


def test_which_models_take_pictures_and_as_what() -> None:
    assert (takes_pictures(WAN_REMIX), takes_pictures(MOTION_CONTROL)) == (False, True)
    assert picture_kinds(KLING) == ("image", "first_frame", "last_frame")
    assert picture_kinds(SEEDANCE_2) == ("reference_image", "first_frame", "last_frame")


@pytest.mark.parametrize("name", ["", "  ", "x" * 33, "Zoe, Rex", "a=b"])
def test_names_that_could_not_be_told_apart_are_refused(name: str) -> None:
    with pytest.raises(NotPossible):
        read_name(name)


def test_names_are_read_in_any_spelling() -> None:
    assert read_name("  Zoe \n Fox ") == "Zoe Fox"
    assert read_named(" Zoe,, Image = Rex ,\n") == (Named("Zoe"), Named("Rex", "image"))
    own, shared = picture("Zoe"), picture("ZOE", 2, shared=True)
    assert find_named([shared, own], " zoe ") is own
    assert find_named([own], "Rex") is None
    assert usable([shared, own]) == (own,)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"GIF89a", None),
        (b"<svg xmlns=", None),
        (b"", None),
    ],
)
def test_a_picture_is_what_its_first_bytes_say(head: bytes, kind: str | None) -> None:
    assert picture_type(head) == kind


def test_a_problem_names_the_model_and_the_picture() -> None:
    done = place({"prompt": "x"}, [(Named("Zoe"), picture("Zoe"))], WAN_REMIX)
    assert done.problems == (Problem("cast", "Zoe", Rule.CAST_ROOM, WAN_REMIX.name),)
