"""Which video of a message is meant: a comparison's message has several, and the member chooses one."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.errors import answer_error
from bot.discord_ui.interactions.reader import speak_to_member
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.comparison_button import comparison_in
from bot.discord_ui.views.job_button import job_in
from bot.services.comparisons import ComparisonView
from bot.services.services import Services

CHOICE_SECONDS = 600
"""Seconds for which the question can be answered."""

GoOn = Callable[[discord.Interaction[Any], str], Awaitable[None]]
"""What is done with a video, by the id of its job."""


async def with_video_of(
    interaction: discord.Interaction[Any], message: discord.Message, services: Services, go_on: GoOn
) -> bool:
    """Call `go_on` with the job whose video a message shows, once it is known which is meant.

    Where the message has several, the member is asked, and `go_on` gets the interaction of the answer. Returns False
    for a message that shows no video of the bot's.
    """
    if message.author.id != interaction.application_id:
        return False
    job_id = job_in(message.components)
    if job_id is not None:
        await go_on(interaction, job_id)
        return True
    comparison_id = comparison_in(message.components)
    view = await services.comparisons.get(comparison_id) if comparison_id is not None else None
    if view is None or not view.clips:
        return False
    await choose_clip(interaction, view, go_on)
    return True


async def choose_clip(interaction: discord.Interaction[Any], view: ComparisonView, go_on: GoOn) -> None:
    """Call `go_on` with the job of a clip that the member chooses; without a question where there is one clip."""
    job_ids = {clip.letter: clip.job_id for clip in view.clips if clip.job_id is not None}
    if len(job_ids) == 1:
        await go_on(interaction, *job_ids.values())
        return
    await answer(interaction, say("Which clip?"), ClipQuestion(job_ids, go_on))


class ClipQuestion(discord.ui.View):
    """A button for each clip, by its letter. It lives in memory: nothing is done until somebody chooses."""

    def __init__(self, job_ids: dict[str, str], go_on: GoOn) -> None:
        super().__init__(timeout=CHOICE_SECONDS)
        for letter, job_id in job_ids.items():
            self.add_item(_ClipButton(letter, job_id, go_on))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Begin to speak the member's language. discord.py asks this before every press."""
        speak_to_member(interaction)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _item: discord.ui.Item[Any], /
    ) -> None:
        """Answer an error of a press."""
        await answer_error(interaction, error)


class _ClipButton(discord.ui.Button[ClipQuestion]):
    def __init__(self, letter: str, job_id: str, go_on: GoOn) -> None:
        super().__init__(label=letter, style=discord.ButtonStyle.secondary)
        self._job_id = job_id
        self._go_on = go_on

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Go on with this clip."""
        await self._go_on(interaction, self._job_id)
