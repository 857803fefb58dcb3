"""Fresh addresses for attached files, asked for at the local Discord."""

import aiohttp
import discord
import pytest

from bot.discord_ui.posting.input_files import REFRESH_PATH, DiscordInputFiles
from bot.domain.links import expires_at
from bot.engine.input_files import FilesLater
from sandbox.discord import DiscordSandbox, RestFault
from sandbox.discord.default_world import VIDEOS_ID

DAY = 86_400.0


@pytest.fixture
def files(poster: discord.Client) -> DiscordInputFiles:
    return DiscordInputFiles(poster)


def attached(sandbox: DiscordSandbox) -> str:
    """The address of a file that a member attached."""
    path = sandbox.core.files.new_path()
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    return sandbox.core.files.signed_url(sandbox.core.files.add(path, "fox.png", VIDEOS_ID, ephemeral=True))


async def status_of(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


async def test_an_address_that_has_ended_is_given_anew(sandbox: DiscordSandbox, files: DiscordInputFiles) -> None:
    url = attached(sandbox)
    assert await status_of(url) == 200
    sandbox.core.clock.advance(DAY + 60)
    assert await status_of(url) == 404
    fresh = await files.refresh([url, url.replace("/fox", "/hen"), "https://example.com/fox.png"])
    assert await status_of(fresh[url]) == 200
    ends = expires_at(fresh[url])
    assert ends is not None
    assert ends > sandbox.core.clock.now() + DAY / 2


async def test_what_discord_does_not_know_is_left_out(sandbox: DiscordSandbox, files: DiscordInputFiles) -> None:
    unknown = f"{sandbox.api_base}/attachments/1/2/fox.png?ex=1&is=1&hm=1"
    assert await files.refresh([unknown, "https://example.com/fox.png"]) == {}


@pytest.mark.parametrize(("status", "later"), [(503, True), (403, False), (404, False), (400, False)])
async def test_an_error_means_later_or_that_they_are_gone(
    sandbox: DiscordSandbox, files: DiscordInputFiles, status: int, later: bool
) -> None:
    url = attached(sandbox)
    sandbox.controls.add_fault(RestFault("POST", REFRESH_PATH, status=status, times=9))
    if later:
        with pytest.raises(FilesLater):
            await files.refresh([url])
    else:
        assert await files.refresh([url]) == {}
