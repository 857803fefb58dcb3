"""`/usage`: what was spent, as a picture with its numbers beside it as text."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import discord

from bot.discord_ui.language.speaking import day_and_month, mark, number, percent, say, say_many
from bot.discord_ui.views.charts import MODELS_SHOWN
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX, cut
from bot.discord_ui.views.quota_words import amount_words
from bot.discord_ui.views.words import NameOf, pair, person
from bot.domain.spending import Spending

PICTURE = "usage.png"
"""The name of the attached file."""
MEMBERS_SHOWN = 10
NAME_SHOWN = 40
NO_CHARTS = mark(
    "-# Charts are not installed with this bot. Its owner gets them by installing `requirements/run.txt` again."
)

TOO_LARGE = mark("-# The chart is larger than the files that I may attach here.")


def usage_card(
    spending: Spending, title: str, name_of: NameOf, *, with_members: bool, unpictured: str | None = None
) -> discord.ui.LayoutView:
    """Build the card. `with_members` names who spent how much.

    `unpictured` is the marked sentence that says why the file PICTURE does not go with it. It is None where the file
    does, and where nothing was spent.
    """
    container: discord.ui.Container[Any] = discord.ui.Container()
    total, days = spending.total, len(spending.days)
    spent = (
        say_many(
            "Spent in the latest {count} day: **{credits}**.",
            "Spent in the latest {count} days: **{credits}**.",
            days,
            credits=amount_words(total),
        )
        if total
        else say_many(
            "Nothing was spent in the latest {count} day.", "Nothing was spent in the latest {count} days.", days
        )
    )
    container.add_item(discord.ui.TextDisplay(f"## {excerpt(title, 100)}\n{spent}"))
    if total and unpictured is None:
        gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
        gallery.add_item(media=f"attachment://{PICTURE}", description=alternative_text(spending, name_of))
        container.add_item(gallery)
    if total:
        models = [(_model(slug, name_of), amount) for slug, amount in spending.by_model(MODELS_SHOWN)]
        lines = [say("### By model"), *_lines(models, total)]
        if with_members:
            members = spending.by_member(MEMBERS_SHOWN)
            named = [(say("others") if member is None else person(member), amount) for member, amount in members]
            lines += [say("### By member"), *_lines(named, total)]
        if unpictured is not None:
            lines.append(say(unpictured))
        container.add_item(discord.ui.TextDisplay("\n".join(lines)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def alternative_text(spending: Spending, name_of: NameOf) -> str:
    """Return what the picture shows, for people who do not see it: the sums of the models and of the days."""
    models = [(name_of(slug) if slug else say("others"), amount) for slug, amount in spending.by_model(MODELS_SHOWN)]
    by_model = ", ".join(f"{cut(name, NAME_SHOWN)} {number(amount)}" for name, amount in models)
    by_day = ", ".join(f"{_day(day)} {number(amount)}" for day, amount in reversed(spending.by_day().items()))
    words = say(
        "Two bar charts of what was spent. In all: {credits}. By model: {by_model}. By day, latest first: {by_day}.",
        credits=amount_words(spending.total),
        by_model=by_model,
        by_day=by_day,
    )
    return cut(words, ALTERNATIVE_TEXT_MAX)


def _lines(amounts: Sequence[tuple[str, int]], total: int) -> list[str]:
    return [f"- {pair(name, f'**{number(amount)}** ({percent(amount / total)})')}" for name, amount in amounts]


def _model(slug: str | None, name_of: NameOf) -> str:
    return say("others") if slug is None else excerpt(name_of(slug), NAME_SHOWN)


def _day(key: str) -> str:
    return day_and_month(date.fromisoformat(key))
