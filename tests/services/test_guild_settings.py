"""The settings of a guild: defaults, changes with who and when, values that nobody understands, and stale panels."""

import asyncio
import logging

import pytest
from sqlalchemy import Connection, insert

from bot.domain.audit import AuditAction
from bot.domain.guild_settings import GuildSetting, GuildSettings, StoredSetting, fingerprint, read_value, stored_value
from bot.domain.json_value import JsonValue
from bot.domain.refusals import Impossible, NotPossible
from bot.services.guild_settings import GuildSettingsService
from bot.storage import audit
from bot.storage.database import Database
from bot.storage.tables.guild_settings import guild_settings_table
from tests.support.credits_world import GUILD, MODERATOR, NOON

MODEL = GuildSetting.DEFAULT_MODEL


@pytest.fixture
def service(database: Database) -> GuildSettingsService:
    return GuildSettingsService(database, lambda: NOON)


def store(conn: Connection, name: str, value: JsonValue) -> None:
    row = {"guild_id": GUILD, "name": name, "value": value, "changed_at": NOON, "actor_id": MODERATOR}
    conn.execute(insert(guild_settings_table), row)


@pytest.mark.parametrize("setting", list(GuildSetting))
def test_every_setting_has_a_field_whose_default_can_be_stored_and_read(setting: GuildSetting) -> None:
    default = getattr(GuildSettings(), setting)
    assert read_value(setting, stored_value(GuildSettings(), setting)) == default


async def test_a_guild_in_which_nobody_chose_anything_has_the_defaults(service: GuildSettingsService) -> None:
    assert await service.of(GUILD) == GuildSettings()
    assert (await service.view(GUILD)).chosen == {}


async def test_a_change_is_in_force_with_who_and_when_and_in_the_log(
    service: GuildSettingsService, database: Database
) -> None:
    await service.change(GUILD, MODERATOR, MODEL, "veo")
    await service.change(GUILD, MODERATOR + 1, MODEL, "kling")
    view = await service.view(GUILD)
    assert view.settings == await service.of(GUILD) == GuildSettings(default_model="kling")
    assert view.chosen == {MODEL: StoredSetting("kling", NOON, MODERATOR + 1)}
    assert await service.of(GUILD + 1) == GuildSettings()
    latest = await database.read(audit.latest, GUILD, 5)
    assert [(entry.actor_id, entry.action, entry.data) for entry in latest] == [
        (MODERATOR + 1, AuditAction.CHANGE_SETTING, {"setting": "default_model", "before": "veo", "after": "kling"}),
        (MODERATOR, AuditAction.CHANGE_SETTING, {"setting": "default_model", "before": None, "after": "veo"}),
    ]


async def test_choosing_what_stands_already_is_no_change(service: GuildSettingsService, database: Database) -> None:
    await service.change(GUILD, MODERATOR, MODEL, "veo")
    await service.change(GUILD, MODERATOR + 1, MODEL, "veo")
    assert (await service.view(GUILD)).chosen[MODEL].actor_id == MODERATOR
    assert len(await database.read(audit.latest, GUILD, 5)) == 1


async def test_a_panel_that_shows_another_value_changes_nothing(
    service: GuildSettingsService, database: Database
) -> None:
    seen = fingerprint(stored_value(await service.of(GUILD), MODEL))
    await service.change(GUILD, MODERATOR, MODEL, "veo", seen=seen)
    with pytest.raises(NotPossible) as refused:
        await service.change(GUILD, MODERATOR + 1, MODEL, "kling", seen=seen)
    assert refused.value.why is Impossible.CHANGED_MEANWHILE
    assert await service.of(GUILD) == GuildSettings(default_model="veo")
    assert len(await database.read(audit.latest, GUILD, 5)) == 1


@pytest.mark.parametrize("value", ["", "x" * 201, 5, True, ["veo"], {"slug": "veo"}])
async def test_a_value_that_a_setting_cannot_have_is_refused_and_ignored_where_it_is_stored(
    service: GuildSettingsService, database: Database, value: JsonValue, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match="slug"):
        await service.change(GUILD, MODERATOR, MODEL, value)
    await database.write(store, "default_model", value)
    await database.write(store, "of_tomorrow", {"any": "thing"})
    with caplog.at_level(logging.WARNING):
        view = await service.view(GUILD)
    assert view.chosen == {}
    assert view.settings == GuildSettings(unreadable=frozenset({"default_model", "of_tomorrow"}))
    assert "default_model, of_tomorrow" in caplog.text


async def test_of_many_panels_that_show_the_same_one_changes_it(
    service: GuildSettingsService, database: Database
) -> None:
    seen = fingerprint(None)
    names = [f"model {number}" for number in range(8)]
    changes = (service.change(GUILD, MODERATOR, MODEL, name, seen=seen) for name in names)
    outcomes = await asyncio.gather(*changes, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, NotPossible)]
    assert (len(refused), outcomes.count(None)) == (7, 1)
    assert (await service.of(GUILD)).default_model == names[outcomes.index(None)]
    assert len(await database.read(audit.latest, GUILD, 20)) == 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (GuildSetting.ALLOWED_ROLES, "1"),
        (GuildSetting.ALLOWED_ROLES, [True]),
        (GuildSetting.ALLOWED_ROLES, [-1]),
        (GuildSetting.ALLOWED_CHANNELS, [2**63]),
        (GuildSetting.ALLOWED_CHANNELS, list(range(1, 1002))),
        (GuildSetting.ALLOWED_MODELS, ["veo", None]),
        (GuildSetting.RESULTS_CHANNEL, "general"),
        (GuildSetting.LOG_CHANNEL, 0),
        (GuildSetting.AGAIN_AND_EDIT, "nobody"),
        (GuildSetting.AGAIN_AND_EDIT, None),
        (GuildSetting.RETENTION_DAYS, 6),
        (GuildSetting.RETENTION_DAYS, 30.5),
        (GuildSetting.RETENTION_DAYS, True),
        (GuildSetting.RETENTION_DAYS, "30"),
    ],
)
def test_hostile_values_are_no_values(setting: GuildSetting, value: JsonValue) -> None:
    with pytest.raises(ValueError, match=r"\bnot "):
        read_value(setting, value)
