"""Commands are mentioned by the ids that Discord gave them, whichever process sent them to Discord."""

from bot.discord_ui.commands.mentions import CommandMentions
from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import APPLICATION_ID
from sandbox.discord.faults import RestFault
from tests.support.stage import StageBot, StageServices, running


def registered_id(sandbox: DiscordSandbox, person: str, name: str) -> str:
    commands = sandbox.persona(person).commands("videos")
    return next(str(command["id"]) for command in commands if command["name"] == name)


def test_an_unknown_command_is_named_in_code() -> None:
    mentions = CommandMentions()
    assert mentions.of("quota set member") == "`/quota set member`"


async def test_the_sync_tells_the_ids(bot: StageBot, sandbox: DiscordSandbox) -> None:
    assert bot.mentions.of("credits") == f"</credits:{registered_id(sandbox, 'mia', 'credits')}>"
    assert bot.mentions.of("quota set member") == f"</quota set member:{registered_id(sandbox, 'ada', 'quota')}>"


async def test_a_start_without_a_sync_asks_for_the_ids_once(sandbox: DiscordSandbox, services: StageServices) -> None:
    async with running(sandbox, services) as first:
        known = [first.mentions.of(name) for name in ("credits", "veo fast")]
    asked_before = len(sandbox.record.requests_to("GET", f"/{APPLICATION_ID}/commands"))
    async with running(sandbox, services) as second:
        assert [second.mentions.of(name) for name in ("credits", "veo fast")] == known
        await second.sync_commands()
    assert len(sandbox.record.requests_to("PUT", f"/{APPLICATION_ID}/commands")) == 1
    assert len(sandbox.record.requests_to("GET", f"/{APPLICATION_ID}/commands")) == asked_before + 1


async def test_a_start_goes_on_where_discord_does_not_tell_the_ids(
    sandbox: DiscordSandbox, services: StageServices
) -> None:
    async with running(sandbox, services):
        pass
    sandbox.controls.add_fault(RestFault("GET", f"/applications/{APPLICATION_ID}/commands", status=403))
    async with running(sandbox, services) as bot:
        assert bot.mentions.of("credits") == "`/credits`"


async def test_the_owners_commands_are_mentioned_in_the_owners_guilds_only(
    bot: StageBot, sandbox: DiscordSandbox
) -> None:
    guild = sandbox.world.find_channel("videos").guild_id
    assert bot.mentions.of("owner balance", guild).startswith("</owner balance:")
    assert bot.mentions.of("owner balance") == "`/owner balance`"
