"""The fixed choices of commands. Members read them in their language; their values stay as they are."""

from bot.discord_ui.language.speaking import mark_on

FIXED_CHOICES = frozenset(
    {
        mark_on("choice", "day"),
        mark_on("choice", "week"),
        mark_on("choice", "month"),
        mark_on("choice", "everywhere"),
        mark_on("choice", "this server"),
        # Translators: what /owner queue does to the queue of requests.
        mark_on("choice", "show"),
        mark_on("choice", "pause"),
        # Translators: to take no new requests, and to finish those that wait.
        mark_on("choice", "drain"),
        mark_on("choice", "resume"),
    }
)
"""The words of `Literal` types, of which discord.py makes choices: here they are collected for translators."""
