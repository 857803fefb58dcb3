"""All buttons that work for ever, for the client to know at its start."""

import discord

from bot.discord_ui.views.approval_card import ApprovalButton
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.models_page import ModelsPage


def register_items(client: discord.Client) -> None:
    """Make presses of buttons that were posted before this start arrive."""
    client.add_dynamic_items(JobButton, ModelsPage, ApprovalButton)
