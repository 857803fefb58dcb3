"""The card of `/privacy show`: what is kept about a member, why, for how long, and who gets it."""

from typing import Any

import discord

from bot.discord_ui.views.words import counted
from bot.domain.privacy import Kept


def privacy_card(kept: Kept) -> discord.ui.LayoutView:
    """Build the card. It mentions nobody and has no pictures."""
    sections = [
        f"### What is kept about you\n{_kept(kept)}",
        f"### Why\n{_WHY}",
        f"### For how long\n{_HOW_LONG}",
        f"### Who gets it\n{_WHO}",
        f"### What you can do\n{_RIGHTS}",
    ]
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay("\n".join(sections)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _kept(kept: Kept) -> str:
    lines = [
        f"- {counted(kept.jobs, 'request')} in {counted(kept.guilds, 'server')}: your Discord id, the prompt, "
        "the options, links to your files and to the videos, and where they were posted.",
        f"- {counted(kept.ledger_entries, 'movement')} of credits: what was held, spent or given back, when, and why.",
        f"- Your last choices for {counted(kept.choices, 'model')}.",
        "- Settings and limits that you changed as a moderator, and limits that moderators set for you.",
    ]
    return "\n".join(lines)


_WHY = (
    "To make your videos, to post them, to keep to your server's limits, and to explain every credit. "
    "Your last choices save you from choosing again."
)
_HOW_LONG = "Until the bot's owner deletes it."
_WHO = (
    "- The video provider gets the prompt, the options and your files. It does not get your name or id.\n"
    "- Discord gets the videos, and what the messages say.\n"
    "- Moderators of the server see your requests and their price. The bot's owner can see everything that is kept."
)
_RIGHTS = "`/privacy export` sends you everything as a file that only you see."
