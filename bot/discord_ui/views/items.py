"""The registration of all buttons that work for ever."""

import discord

from bot.discord_ui.views.approval_card import ApprovalButton
from bot.discord_ui.views.case_cards import CaseButton
from bot.discord_ui.views.comparison_button import ComparisonButton, VoteButton
from bot.discord_ui.views.continue_preview import NextModel, NextPosition, NextWrite
from bot.discord_ui.views.film_message import FilmButton
from bot.discord_ui.views.gallery_page import GalleryOut, GallerySelect, GalleryTurn
from bot.discord_ui.views.guild_buttons import GuildButton
from bot.discord_ui.views.incident_card import IncidentButton
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.jobs_page import DetailsSelect, JobsTurn, ListedJobButton
from bot.discord_ui.views.ledger_pages import LedgerButton
from bot.discord_ui.views.page_button import PageButton
from bot.discord_ui.views.queue_page import QueueCancel, QueueTurn
from bot.discord_ui.views.reel_panel.controls import ReelControl
from bot.discord_ui.views.settings_panel.controls import PanelItem, PanelQuestion


def register_items(client: discord.Client) -> None:
    """Make a client hear presses of buttons that were posted before it started."""
    client.add_dynamic_items(
        JobButton,
        DetailsSelect,
        JobsTurn,
        ListedJobButton,
        ApprovalButton,
        ComparisonButton,
        VoteButton,
        LedgerButton,
        PageButton,
        QueueCancel,
        QueueTurn,
        CaseButton,
        GuildButton,
        GallerySelect,
        GalleryTurn,
        GalleryOut,
        FilmButton,
        IncidentButton,
        NextModel,
        NextPosition,
        NextWrite,
        PanelItem,
        PanelQuestion,
        ReelControl,
    )
