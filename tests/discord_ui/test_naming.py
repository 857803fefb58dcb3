from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_ui.commands.naming import assign_names, slugify
from bot.services.commands import CommandName
from sandbox.discord.rules.commands import is_valid_name
from tests.discord_ui.catalogues import PUBLIC, awkward, plain


@dataclass(frozen=True)
class Named:
    slug: str
    name: str
    engine: str


ANYTHING = st.builds(
    Named, slug=st.text(min_size=1, max_size=60), name=st.text(max_size=60), engine=st.text(max_size=60)
)
LIKELY = st.builds(
    lambda family, version, kind: Named(
        f"{family}_{version}_{kind}".lower(), f"{family} {version} {kind}", f"{family} {version}"
    ),
    st.sampled_from(["Veo", "Kling", "KLING", "Wan!", "可灵"]),
    st.sampled_from(["1", "2.6", "3.0"]),
    st.text("abcÄ-_ ", max_size=40),
)
MODELS = st.lists(ANYTHING | LIKELY, max_size=40, unique_by=lambda model: model.slug)


def test_the_public_models_get_the_names_that_are_promised() -> None:
    names = {slug: str(name) for slug, name in assign_names(PUBLIC, {}).items()}
    assert names == {
        "veo31_fast": "/veo fast",
        "veo31_quality": "/veo quality",
        "kling_3_0": "/kling 3-0",
        "kling_3_0_motion_control": "/kling 3-0-motion-control",
        "kling_2_6": "/kling 2-6",
        "wan_2_6": "/wan 2-6",
        "wan_2_6_v2v": "/wan 2-6-v2v",
        "hailuo_2_3_standard": "/hailuo 2-3-standard",
        "hailuo_2_3_pro": "/hailuo 2-3-pro",
        "seedance_1_5_pro": "/seedance 1-5-pro",
        "seedance_2": "/seedance 2",
        "sora_2": "/sora 2",
        "sora_2_pro_storyboard": "/sora 2-pro-storyboard",
        "grok_imagine_video": "/grok-imagine video",
    }


@pytest.mark.parametrize(
    ("slug", "name", "engine", "expected"),
    [
        ("17", "Veo 3.1 Lite", "Veo 3.1", "/veo 3-1-lite"),  # a slug that tells nothing: the display name does
        ("sora2", "Sora 2", "Sora 2", "/sora 2"),  # nothing left but the version
        ("sora", "Sora", "Sora", "/sora sora"),  # nothing left at all
        ("kling2.1-master", "Kling 2.1 Master", "Kling2.1", "/kling 2-1-master"),
        ("models_one", "Models One", "Models", "/models-video one"),  # `/models` is the bot's own
        ("x", "🎬", "🎬", "/x x"),
        ("kling_" + "very_" * 10 + "long", "K", "Kling", "/kling very-very-very-very-very-very"),
    ],
)
def test_the_rule_in_odd_cases(slug: str, name: str, engine: str, expected: str) -> None:
    assert str(assign_names([Named(slug, name, engine)], {}, reserved={"models"})[slug]) == expected


def test_names_that_collide_after_slugging_get_their_version_back_then_the_slug_then_a_number() -> None:
    models = [
        Named("veo31_fast", "Veo 3.1 Fast", "Veo 3.1"),
        Named("veo4_fast", "Veo 4 Fast", "Veo 4"),
        Named("veo4_fast!", "Veo 4 Fast", "Veo 4"),
        Named("veo4_fast?", "Veo 4 Fast", "Veo 4"),
    ]
    names = [str(name) for _, name in sorted(assign_names(models, {}).items())]
    assert names == ["/veo fast", "/veo 4-fast", "/veo veo4-fast", "/veo veo-4-fast"]


def test_a_full_family_goes_on_in_a_second_command() -> None:
    models = [plain(f"kling_{n:02}", f"Kling {n:02}", "Kling 1") for n in range(60)]
    names = assign_names(models, {})
    by_command: dict[str, int] = {}
    for name in names.values():
        by_command[name.command] = by_command.get(name.command, 0) + 1
    assert by_command == {"kling": 25, "kling-2": 25, "kling-3": 10}


def test_a_family_that_takes_too_many_characters_goes_on_in_a_second_command() -> None:
    models = [plain(f"kling_{n}", f"Kling {n}", "Kling 1") for n in range(4)]
    names = assign_names(models, {}, size=lambda _: 3_000)
    assert [names[f"kling_{n}"].command for n in range(4)] == ["kling", "kling", "kling-2", "kling-2"]


def test_when_there_are_too_many_families_the_later_ones_share_a_command() -> None:
    models = [Named(f"f{n:03}", f"F{n:03}", f"family {chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(120)]
    names = assign_names(models, {})
    commands = {name.command for name in names.values()}
    assert len(names) == 120
    assert len(commands) <= 80
    assert {"more", "more-2"} <= commands


def test_a_removed_models_name_is_never_given_to_another() -> None:
    remembered = {"veo31_fast": ("veo", "fast")}
    names = assign_names([Named("veo4_fast", "Veo 4 Fast", "Veo 4")], remembered)
    assert names["veo4_fast"] == CommandName("veo", "4-fast")
    assert names["veo31_fast"] == CommandName("veo", "fast")


def test_only_a_name_that_the_bot_itself_needs_is_ever_changed() -> None:
    remembered = {
        "help_fast": ("help", "fast"),
        "help_gone": ("help", "gone"),  # not in the catalogue any more
        "help_video_fast": ("help-video", "fast"),
        "veo31_fast": ("veo", "fast"),
    }
    present = [Named("help_fast", "Help Fast", "Help"), Named("help_new", "Help New", "Help")]
    names = assign_names(present, remembered, reserved={"help"})
    assert {slug: str(name) for slug, name in names.items()} == {
        "help_fast": "/help-video-2 fast",
        "help_gone": "/help-video gone",
        "help_new": "/help-video new",
        "help_video_fast": "/help-video fast",
        "veo31_fast": "/veo fast",
    }
    assert assign_names(present, names, reserved={"help"}) == names


def test_a_command_that_gives_way_stays_within_what_discord_takes() -> None:
    remembered = {f"help_{number}": ("help", f"m{number}") for number in range(25)}
    remembered |= {f"other_{number}": ("help-video", f"o{number}") for number in range(20)}
    names = assign_names([], remembered, reserved={"help"})
    for command in ("help-video", "help-video-2"):
        assert sum(name.command == command for name in names.values()) in (25, 20)


@given(MODELS)
@settings(max_examples=150)
def test_every_name_is_one_that_discord_takes_and_no_two_are_equal(models: list[Named]) -> None:
    names = assign_names(models, {}, reserved={"models"})
    assert set(names) == {model.slug for model in models}
    assert len(set(names.values())) == len(names)
    for name in names.values():
        assert is_valid_name(name.command), name
        assert is_valid_name(name.subcommand), name
        assert name.command != "models"


@given(st.data(), MODELS)
@settings(max_examples=150)
def test_no_name_changes_when_other_models_come_and_go(data: st.DataObject, models: list[Named]) -> None:
    remembered: dict[str, CommandName] = {}
    for _ in range(3):
        present = data.draw(st.lists(st.sampled_from(models), unique=True) if models else st.just([]))
        after = assign_names(present, remembered)
        assert {slug: after[slug] for slug in remembered} == remembered
        remembered = after
    assert len(set(remembered.values())) == len(remembered)


@given(MODELS, st.randoms())
def test_a_fresh_installation_gets_the_same_names_in_whatever_order_the_models_are_listed(
    models: list[Named], random: Random
) -> None:
    shuffled: Sequence[Named] = sorted(models, key=lambda _: random.random())
    assert assign_names(models, {}) == assign_names(shuffled, {})


def test_the_awkward_catalogue_keeps_its_names_when_models_leave_and_others_come() -> None:
    models = awkward()
    before = assign_names(models[:40], {})
    without = assign_names(models[20:], before)
    assert {slug: without[slug] for slug in before} == before
    assert len(without) == 60


def test_words_keep_letters_of_every_script_and_lose_what_discord_does_not_take() -> None:
    assert slugify("Veo 3.1 — Fast!") == ["veo", "3", "1", "fast"]
    assert slugify("ＦＵＬＬ　可灵") == ["full", "可灵"]
    assert slugify("Café İ") == ["café", "i"]


@pytest.mark.timeout(20)
def test_a_name_of_any_length_is_cut_in_a_moment() -> None:
    endless = plain("x" * 500_000, "word " * 100_000, "y" * 500_000)
    [name] = assign_names([endless], {}).values()
    assert len(name.command) <= 32
    assert len(name.subcommand) <= 32
