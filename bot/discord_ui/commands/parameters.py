"""Types of options that several commands share."""

from typing import Literal

from discord import app_commands

from bot.domain.quota import CREDITS_MAX

PeriodName = Literal["day", "week", "month"]
"""The name of a `Period`."""
Amount = app_commands.Range[int, 1, CREDITS_MAX]
"""A number of credits."""
Reason = app_commands.Range[str, 1, 300]
"""A reason that the ledger or a card shows."""
