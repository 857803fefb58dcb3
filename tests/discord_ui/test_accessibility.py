"""What is seen is also said: alternative texts of videos and pictures, and words beside every colour.

Beside these tests, every test with a local Discord fails if a picture or video is posted without alternative text
(`tests.support.media`).
"""

import ast
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.discord_ui.views.closing_message import alternative_text
from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX, length
from bot.discord_ui.views.status_card import status_view
from bot.domain.jobs import JobState
from bot.domain.request import GenerationRequest
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.notifier import Closing, Result
from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, VIDEOS_ID
from sandbox.discord.model import Channel, ChannelType
from tests.discord_ui.test_delivery import CARD, CLOSING
from tests.support.default_settings import default_settings

ROOT = Path(__file__).resolve().parents[2]
WITH_MEDIA = {"File", "MediaGalleryItem", "Thumbnail"}
"""What puts a picture, a video or another file into a message. `add_item(media=…)` does, too."""
TEXT_FILES = {
    "bot/discord_ui/views/job_story.py",
    "bot/discord_ui/views/prompt_file.py",
    "cogs/owner/_moderation.py",
    "cogs/privacy.py",
    "cogs/quota/_cog.py",
    "cogs/settings/_words.py",
}
"""What attaches files of text: prompts, word lists, tables and a member's own data."""
FORUM_ID = 1301 * 10**15 + 9


@pytest.fixture
def notifier(poster: discord.Client, mentions: CommandMentions) -> DiscordNotifier:
    return DiscordNotifier(poster, mentions, default_settings)


@pytest.fixture
def two_videos(tmp_path: Path) -> Closing:
    paths = (tmp_path / "one.mp4", tmp_path / "two.mp4")
    for path in paths:
        path.write_bytes(b"\0" * 1000)
    return replace(CLOSING, results=tuple(Result("https://media.example/clip.mp4", path) for path in paths))


@pytest.mark.parametrize("way", ["channel", "results channel", "forum", "direct message", "posted again"])
async def test_a_video_is_described_wherever_it_is_posted(
    sandbox: DiscordSandbox, notifier: DiscordNotifier, two_videos: Closing, way: str
) -> None:
    match way:
        case "results channel":
            two_videos = replace(two_videos, results_channel_id=GENERAL_ID)
        case "forum":
            sandbox.world.channels[FORUM_ID] = Channel(FORUM_ID, ChannelType.FORUM, "showcase", FILM_CLUB_ID)
            two_videos = replace(two_videos, results_channel_id=FORUM_ID)
        case "direct message":
            del sandbox.world.channels[VIDEOS_ID]
        case "posted again":
            two_videos = replace(two_videos, copy=2)
    done = await notifier.post_closing(two_videos, UPLOAD_BYTES_DEFAULT)
    message = sandbox.world.channels[done.channel_id].messages[done.message_id]
    prompt, name = CLOSING.request.prompt, CLOSING.model_name
    assert [attachment.description for attachment in message.attachments] == [
        f"Video 1 of 2 by {name}: {prompt}",
        f"Video 2 of 2 by {name}: {prompt}",
    ]


@pytest.mark.parametrize("prompt", ["", "a fox", "🦊" * 5000, "a\n\n**fox**\u202e"])
def test_an_alternative_text_is_one_plain_line_within_discords_limit(prompt: str) -> None:
    text = alternative_text(replace(CLOSING, request=GenerationRequest("veo31_fast", {"prompt": prompt})), 0)
    assert text.startswith(f"Video by {CLOSING.model_name}")
    assert length(text) <= ALTERNATIVE_TEXT_MAX
    assert "\n" not in text
    assert "\u202e" not in text


def test_a_card_says_in_words_what_its_colour_says() -> None:
    colours_of: dict[str, set[object]] = defaultdict(set)
    for state in JobState:
        view = status_view(replace(CARD, state=state))
        [container] = [item for item in view.walk_children() if isinstance(item, discord.ui.Container)]
        texts = [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
        without_symbols = "".join(letter for letter in "\n".join(texts) if letter.isascii())
        colours_of[without_symbols].add(container.accent_colour)
    assert [words for words, colours in colours_of.items() if len(colours) > 1] == []
    assert len(colours_of) >= len(JobState) - 1  # "starting" is said of two states


def test_whatever_shows_a_picture_or_a_video_describes_it() -> None:
    found = {path: list(media_calls(path)) for room in ("bot", "cogs") for path in (ROOT / room).rglob("*.py")}
    names = {str(path.relative_to(ROOT)): calls for path, calls in found.items() if calls}
    silent = {name for name, calls in names.items() if not all(map(is_described, calls))}
    assert silent == TEXT_FILES
    assert len(names) > len(TEXT_FILES) + 8, "what shows media is found"


def media_calls(path: Path) -> list[ast.Call]:
    """Return the calls in a file that put media into a message."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [call for call in calls if puts_media(call)]


def puts_media(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(attr="add_item"):
            return any(keyword.arg == "media" for keyword in call.keywords)
        case ast.Attribute(value=ast.Name(id="discord") | ast.Attribute(attr="ui"), attr=name):
            return name in WITH_MEDIA
    return False


def is_described(call: ast.Call) -> bool:
    return any(keyword.arg == "description" for keyword in call.keywords)
