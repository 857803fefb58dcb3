"""Failed jobs that cost credits, as choices of an option: what a moderator picks from to give the credits back."""

from collections.abc import Iterable

from discord import app_commands

from bot.discord_ui.language.speaking import say_on
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, cut
from bot.discord_ui.views.quota_words import amount_words
from bot.discord_ui.views.words import seconds
from bot.domain.ledger_views import Refundable


def refund_choices(jobs: Iterable[Refundable], typed: str, now: float) -> list[app_commands.Choice[str]]:
    """Return failed jobs for which the provider kept credits, those that contain what was typed."""
    found = []
    for job in jobs:
        ago = seconds(max(0.0, now - job.ended_at))
        words = say_on(
            "choice",
            "{model} · {credits} · {time} ago · {prompt}",
            model=job.model_name,
            credits=amount_words(job.credits),
            time=ago,
            prompt=job.prompt,
        )
        if typed.casefold() in f"{job.job_id} {words}".casefold():
            found.append(app_commands.Choice(name=cut(words, CHOICE_MAX), value=job.job_id))
    return found[:CHOICES_MAX]
