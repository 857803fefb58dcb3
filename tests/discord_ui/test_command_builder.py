import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.discord_ui.commands.builder import MODEL_SLUG, build_commands, group_characters, subcommand_characters
from bot.discord_ui.commands.naming import assign_names
from bot.discord_ui.commands.options import shown_options, suggestions
from bot.discord_ui.views.message_limits import COMMAND_CHARACTERS_MAX, command_characters
from bot.domain.capabilities import Capability, Count
from bot.domain.durations import Durations
from bot.domain.fields import options_for
from bot.domain.request import GenerationRequest, complete
from bot.services.commands import CommandName
from sandbox.discord.errors import FormErrors
from sandbox.discord.rules.commands import check_command, check_unique
from sandbox.discord.spec import Specification
from tests.discord_ui.catalogues import KLING, PUBLIC, RATIOS_30, SEEDANCE_2, VEO_FAST, awkward, plain
from tests.support.capability_strategies import capabilities


async def _submit(_interaction: discord.Interaction[Any]) -> None:
    raise AssertionError("nothing is invoked here")


def cold(_slug: str) -> Durations:
    return Durations()


def payloads(models: tuple[Capability, ...]) -> list[dict[str, Any]]:
    """Return what Discord would be told about these models."""
    names = assign_names(models, {}, size=subcommand_characters)
    built = asyncio.run(build_commands(models, names, cold, _submit))
    assert not built.left_out
    tree = discord.app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    for group in built.groups:
        tree.add_command(group)
    return [command.to_dict(tree) for command in tree.get_commands()]


def options_of(models: tuple[Capability, ...], command: str, subcommand: str) -> dict[str, dict[str, Any]]:
    group = next(payload for payload in payloads(models) if payload["name"] == command)
    leaf = next(option for option in group["options"] if option["name"] == subcommand)
    return {option["name"]: option for option in leaf["options"]}


def test_a_models_options_are_its_capabilities() -> None:
    options = options_of((VEO_FAST,), "veo", "fast")
    assert list(options) == ["prompt", "image", "image_2", "aspect_ratio", "style", "cast"]
    assert options["prompt"]["required"]
    assert options["prompt"]["max_length"] == 5000
    assert [choice["value"] for choice in options["aspect_ratio"]["choices"]] == ["16:9", "9:16", "Auto"]
    assert options["image"]["type"] == discord.AppCommandOptionType.attachment.value


def test_the_price_and_the_usual_time_stand_beside_the_command() -> None:
    group = payloads((VEO_FAST, KLING))
    described = {leaf["name"]: leaf["description"] for command in group for leaf in command["options"]}
    # The description is cut between two words.
    assert (
        described["fast"] == "Veo 3.1 Fast: 100 credits, about 90 s. Fast 8-second generation with text-to-video and…"
    )
    assert described["3-0"] == "Kling 3.0: 60 to 600 credits, about 90 s."


def test_an_option_without_a_choice_is_not_offered() -> None:
    model = plain("wan_1", "Wan 1", "Wan 1", durations=(8,), quality_modes=("720p",), aspect_ratios=("16:9",))
    assert list(options_of((model,), "wan", "1")) == ["prompt", "style"]
    filled_in = complete(GenerationRequest(model.slug, {"prompt": "a fox"}), model)
    assert filled_in.values == {"prompt": "a fox", "duration": 8, "quality": "720p", "aspect_ratio": "16:9"}


def test_choices_are_words_with_their_price_and_the_values_of_the_provider() -> None:
    quality = options_of((KLING,), "kling", "3-0")["quality"]["choices"]
    assert [(choice["name"], choice["value"]) for choice in quality] == [
        ("Standard · 60 to 300 credits", "std"),
        ("Pro · 120 to 600 credits", "pro"),
    ]


def test_contiguous_durations_become_a_range_and_others_choices() -> None:
    kling = options_of((KLING,), "kling", "3-0")["duration"]
    assert (kling["min_value"], kling["max_value"], "choices" in kling) == (3, 15, False)
    wan = options_of((plain("wan_1", "Wan 1", "Wan 1"),), "wan", "1")["duration"]
    assert [choice["value"] for choice in wan["choices"]] == [5, 10]


def test_more_than_25_choices_become_autocomplete() -> None:
    ratio = options_of((plain("wan_1", "Wan 1", "Wan 1", aspect_ratios=RATIOS_30),), "wan", "1")["aspect_ratio"]
    assert ratio["autocomplete"]
    assert "choices" not in ratio


def test_more_than_25_options_lose_the_last_numbered_attachments_first() -> None:
    options = shown_options(options_for(plain("a", "A", "A", images=Count(2, 40))))
    assert len(options) == 25
    assert [option.name for option in options if option.required] == ["prompt", "image", "image_2"]
    assert {"aspect_ratio", "duration"} <= {option.name for option in options}
    assert "image_40" not in {option.name for option in options}


def test_suggestions_put_what_begins_with_the_typed_text_first() -> None:
    assert suggestions(("16:9", "9:16", "1:1"), "1") == ["16:9", "1:1", "9:16"]
    assert len(suggestions(RATIOS_30, "")) == 25
    assert suggestions(tuple(range(1, 121)), "12") == [12, 120, 112]


@pytest.mark.parametrize("models", [PUBLIC, awkward()], ids=["public", "awkward"])
def test_the_commands_are_valid_by_the_sandboxs_rules(models: tuple[Capability, ...]) -> None:
    commands = payloads(models)
    errors = FormErrors()
    check_unique(errors, commands)
    for position, command in enumerate(commands):
        check_command(errors, command, (position,))
    errors.raise_if_any()
    assert len(commands) <= 100


@pytest.mark.parametrize("models", [PUBLIC, awkward()], ids=["public", "awkward"])
def test_the_commands_are_valid_by_discords_specification(
    specification: Specification, models: tuple[Capability, ...]
) -> None:
    assert specification.check_request("PUT", "/applications/1/commands", payloads(models)) == []


@given(st.lists(capabilities(), max_size=40))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_models_there_are_their_commands_are_valid(models: list[Capability]) -> None:
    distinct = [replace(model, slug=f"{model.slug}_{n}", engine=f"Engine {n % 2}") for n, model in enumerate(models)]
    errors = FormErrors()
    for position, command in enumerate(payloads(tuple(distinct))):
        check_command(errors, command, (position,))
    errors.raise_if_any()


def test_all_models_of_the_awkward_catalogue_are_there() -> None:
    models = awkward()
    found = sum(len(group["options"]) for group in payloads(models))
    assert found == 60


async def test_a_command_that_grew_too_long_spells_out_less_but_keeps_its_models() -> None:
    qualities = tuple(f"a rather long quality mode number {n}" for n in range(20))
    models = tuple(plain(f"kling_{n}", f"Kling {n}", "Kling", quality_modes=qualities) for n in range(12))
    names = {model.slug: CommandName("kling", f"{n}") for n, model in enumerate(models)}
    assert sum(map(subcommand_characters, models)) > COMMAND_CHARACTERS_MAX
    built = await build_commands(models, names, cold, _submit)
    assert await group_characters(built.groups[0]) <= COMMAND_CHARACTERS_MAX
    assert len(built.groups[0].commands) == 12
    assert not built.left_out


async def test_a_model_that_has_no_name_is_left_out_and_said_so() -> None:
    built = await build_commands((VEO_FAST, KLING), {"veo31_fast": CommandName("veo", "fast")}, cold, _submit)
    assert list(built.left_out) == ["kling_3_0"]
    assert built.groups[0].commands[0].extras[MODEL_SLUG] == "veo31_fast"


def test_characters_are_counted_as_discord_counts_them() -> None:
    payload = {
        "name": "veo",  # 3
        "description": "four",  # 4
        "description_localizations": {"de": "vier!", "fr": "x"},  # the longest counts: 5 in place of 4
        "options": [
            {
                "name": "ab",
                "description": "c",
                "choices": [{"name": "16:9", "value": "16:9"}, {"name": "1", "value": 10}],
            }
        ],
    }
    assert command_characters(payload) == 3 + 5 + (2 + 1) + (4 + 4) + (1 + 2)


def test_seedances_many_options_fit() -> None:
    assert len(options_of((SEEDANCE_2,), "seedance", "2")) <= 25


def test_payloads_are_plain_json(tmp_path: Path) -> None:
    (tmp_path / "commands.json").write_text(json.dumps(payloads(PUBLIC)))


def test_a_model_with_too_many_options_gives_up_numbered_files_and_keeps_style_and_cast() -> None:
    options = options_of((plain("wan_1", "Wan 1", "Wan 1", images=Count(0, 40)),), "wan", "1")
    assert len(options) == 25
    assert list(options)[-2:] == ["style", "cast"]
    assert {"prompt", "aspect_ratio", "duration", "image", "image_20"} <= set(options)
    assert "image_21" not in options


def test_an_image_that_the_model_needs_is_not_required_of_discord_since_a_saved_one_may_stand_for_it() -> None:
    options = options_of((plain("wan_1", "Wan 1", "Wan 1", images=Count(1, 1)),), "wan", "1")
    assert [name for name, option in options.items() if option.get("required")] == ["prompt"]
