"""What a member reads privately about a comparison: what can be made of each clip, and where each job stands."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.comparison_message import NAME_SHOWN
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.jobs_page import job_text
from bot.services.comparisons import ComparisonView
from bot.services.job_views import JobView

_ACTIONS = (JobAction.AGAIN, JobAction.EDIT, JobAction.CONTINUE, JobAction.REPORT, JobAction.ADD_TO_REEL)
"""What each clip of a comparison can be used for."""


def clips_view(view: ComparisonView, *, named: bool) -> discord.ui.LayoutView:
    """Return the buttons of each clip. `named` says that the reader may know which model made it."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    if not named:
        container.add_item(
            discord.ui.TextDisplay(
                say("You have not voted. Vote first if you want to choose without knowing the models' names.")
            )
        )
    for clip in view.clips:
        job = view.jobs.get(clip.job_id or "")
        if job is None:
            continue
        title = f"**{clip.letter}**"
        if named:
            title = say("**{letter}** is **{model}**", letter=clip.letter, model=excerpt(job.model_name, NAME_SHOWN))
        container.add_item(discord.ui.TextDisplay(title))
        actions = [action for action in _ACTIONS if action is not JobAction.EDIT or job.prompt]
        container.add_item(discord.ui.ActionRow(*(JobButton(action, job.id) for action in actions)))
    return _of(container)


def details_view(jobs: Sequence[JobView]) -> discord.ui.LayoutView:
    """Return where each job of a comparison stands."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    for view in jobs:
        container.add_item(discord.ui.TextDisplay(job_text(view, with_member=False)))
    if not jobs:
        container.add_item(discord.ui.TextDisplay(say("Nothing is left of this comparison.")))
    return _of(container)


def _of(container: discord.ui.Container[Any]) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view
