"""The moderators' log: what is told, in which messages, and what becomes of a log whose channel is lost."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.domain.audit import AuditAction
from bot.domain.guild_log import LogKind
from bot.domain.guild_notices import GuildNoticeKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.json_value import JsonObject
from bot.engine.guild_log import LogChannelLost, LogLater, LogLine
from bot.services.guild_settings import GuildSettingsService
from bot.storage import audit, guild_log
from bot.storage.database import Database
from bot.storage.tables.guild_settings import guild_settings_table
from bot.workers.guild_log import GuildLogs
from tests.support.bench import GUILD, Bench, bench

LOG, ANOTHER, ADA = 2002, 2003, 77
K = LogKind


class RecordingWriter:
    """Stands where Discord would: keeps what it is given. Set `trouble` to have the next messages fail."""

    def __init__(self) -> None:
        self.messages: list[tuple[int, str, list[LogKind]]] = []
        """Channel, key, and the kinds of the lines."""
        self.lines: list[LogLine] = []
        self.trouble: list[Exception] = []

    async def write(self, channel_id: int, guild_id: int, key: str, lines: Sequence[LogLine]) -> None:
        self.messages.append((channel_id, key, [line.entry.kind for line in lines]))
        if self.trouble:
            raise self.trouble.pop(0)
        self.lines += lines


@pytest.fixture
async def settings(database: Database) -> GuildSettingsService:
    return GuildSettingsService(database, lambda: 1_000.0)


async def write_all(made: Bench, writer: RecordingWriter) -> None:
    """Let time pass and take steps, as the loop would, until nothing waits."""
    logs = GuildLogs(made.context, writer)
    for _ in range(50):
        made.studio.advance(guild_log.GATHER_SECONDS)
        await logs.step()
        if await made.database.read(guild_log.next_due) is None:
            return
        made.studio.advance(60)
    raise AssertionError("something still waits")


async def test_a_job_is_told_from_its_request_to_its_deletion(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        job = await made.finish(await made.ask())
        await made.people.note_deleted(job.id, 1, ADA)
        writer = RecordingWriter()
        await write_all(made, writer)
        kinds = [line.entry.kind for line in writer.lines]
        assert kinds == [K.CHANGED, K.REQUESTED, K.ENDED, K.DELETED]
        assert {line.job.id for line in writer.lines if line.job is not None} == {job.id}
        assert writer.lines[-1].posting is not None
        assert {channel for channel, _, _ in writer.messages} == {LOG}


async def test_without_a_log_channel_nothing_is_kept_for_it(database: Database, tmp_path: Path) -> None:
    async with bench(database, tmp_path) as made:
        await made.finish(await made.ask())
        assert await database.read(guild_log.next_due) is None


async def test_what_happens_in_a_moment_goes_into_one_message_and_a_crowd_into_few(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        for _ in range(24):
            await made.ask()
        writer = RecordingWriter()
        await write_all(made, writer)
        assert [len(kinds) for _, _, kinds in writer.messages] == [10, 10, 5]


async def test_a_message_whose_answer_was_lost_is_the_same_one_at_the_next_attempt(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        await made.ask()
        writer = RecordingWriter()
        writer.trouble = [LogLater("503"), ConnectionResetError("as if the process had died")]
        made.studio.advance(guild_log.GATHER_SECONDS)
        await GuildLogs(made.context, writer).step()
        await made.ask()  # it must not slip into the message that may stand already
        await write_all(made, writer)
        first, second, third, fourth = writer.messages
        assert first == second == third
        assert (fourth[1] != first[1], fourth[2]) == (True, [K.REQUESTED])


async def test_no_message_has_the_key_of_an_earlier_one(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        writer = RecordingWriter()
        for _ in range(3):
            await made.ask()
            await write_all(made, writer)  # afterwards SQLite begins to count anew
        assert len({key for _, key, _ in writer.messages}) == 3


async def test_the_claim_of_a_worker_that_died_runs_out(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        await made.ask()
        made.studio.advance(guild_log.GATHER_SECONDS)
        now = made.context.clock()
        [claimed] = await database.write(guild_log.claim, now, 120.0)
        assert await database.write(guild_log.claim, now + 60, 120.0) == []
        [again] = await database.write(guild_log.claim, now + 121, 120.0)
        assert again == claimed


async def test_a_log_whose_channel_is_lost_stops_and_the_moderators_know(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        await made.ask()
        writer = RecordingWriter()
        writer.trouble = [LogChannelLost("404")]
        await write_all(made, writer)
        await made.ask()
        assert await database.read(guild_log.next_due) is None
        assert (await settings.of(GUILD)).log_channel is None
        [notice] = await settings.notices(GUILD)
        assert (notice.kind, notice.data) == (GuildNoticeKind.LOG_CHANNEL_LOST, {"channel_id": LOG})
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        assert await settings.notices(GUILD) == ()
        await write_all(made, writer)
        assert [kinds for _, _, kinds in writer.messages[1:]] == [[K.CHANGED]]


async def test_what_waits_for_a_log_that_was_switched_off_is_dropped(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        await made.ask()
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, None)
        writer = RecordingWriter()
        await write_all(made, writer)
        assert writer.messages == []


async def test_lines_of_a_guild_whose_settings_were_erased_are_dropped(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
        await made.ask()
        await database.write(lambda conn: conn.execute(delete(guild_settings_table)))
        writer = RecordingWriter()
        await write_all(made, writer)
        assert writer.messages == []


async def test_changes_of_limits_are_told(database: Database, settings: GuildSettingsService) -> None:
    await settings.change(GUILD, ADA, GuildSetting.LOG_CHANNEL, LOG)
    data: JsonObject = {"scope": "default", "subject_id": 0, "period": "day", "after": 50}
    await database.write(audit.record, GUILD, ADA, AuditAction.SET_LIMIT, data, 1_000.0)
    [batch] = await database.write(guild_log.claim, 2_000.0, 120.0)
    assert batch.entries[-1].data == {"actor_id": ADA, "action": "set_limit", "data": data}
