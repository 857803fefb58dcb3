"""The card of `/help`: who somebody is here, what to try, what it costs, what is kept, and whom to ask."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any

import discord

from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.escaping import escape
from bot.discord_ui.views.model_words import shown_name, usual_time
from bot.discord_ui.views.quota_words import NO_CREDITS_YET, amount_words
from bot.domain.capabilities import Capability
from bot.domain.durations import Durations
from bot.domain.pricing import Estimate
from bot.domain.quota import QuotaStatus, Scope

OWNERS_SHOWN = 3
"""Owners whom a moderator is told to ask."""


class Standing(Enum):
    """Who somebody is in a guild, from the point of view of the bot."""

    MEMBER = "member"
    MODERATOR = "moderator"
    OWNER = "owner"
    """An owner of the bot, in a guild that has the owners' commands."""
    OWNER_ELSEWHERE = "owner elsewhere"
    """An owner of the bot, in a guild without the owners' commands."""


@dataclass(frozen=True, slots=True)
class UsualVideo:
    """What `/video` makes for a member who gives a prompt alone."""

    model: Capability
    price: Estimate
    durations: Durations


@dataclass(frozen=True, slots=True)
class HelpFacts:
    """What the card tells."""

    standing: Standing
    quota_status: QuotaStatus
    usual: UsualVideo | None
    """None while there is no model that a prompt is enough for."""
    cheapest_credits: int | None
    """The lowest price of all models that the member may use."""
    owner_ids: Collection[int]


def help_view(facts: HelpFacts) -> discord.ui.LayoutView:
    """Build the card. It is short enough for one screen of a phone."""
    sections = [
        "\n".join([f"### {_WHO[facts.standing]}", *_TRY[facts.standing]]),
        f"### What it costs\n{_costs(facts)}",
        f"### What is kept about you\n{KEPT}",
        f"### Whom to ask\n{_whom_to_ask(facts)}",
    ]
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay("\n".join(sections)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


KEPT = (
    "With each request: your Discord id, prompt, options, links to your files and videos, and the price; also your "
    "last choices. The video provider gets prompt and files, not your name. `/privacy show` tells more."
)
"""What the tables of `bot.storage` hold about a member, and what `bot.domain.request.payload` sends."""

_WHO = {
    Standing.MEMBER: "You are a member here. Try this:",
    Standing.MODERATOR: "You are a moderator here. Try this:",
    Standing.OWNER: "This bot is yours. Try this:",
    Standing.OWNER_ELSEWHERE: "This bot is yours. Try this:",
}
_TRY = {
    Standing.MEMBER: (
        "- `/video`: a video of a sentence or a picture",
        "- `/models`: what each model can do and costs",
        "- `/jobs`: your videos, to cancel or post again",
    ),
    Standing.MODERATOR: (
        "- `/settings`: what this server allows",
        "- `/quota show`: this server's credits and limits",
        "- `/queue show`: what waits, and why",
    ),
    Standing.OWNER: (
        "- `/owner balance`: what your account has left",
        "- `/owner guilds`: which servers use it",
        "- `/owner unresolved`: what only you can decide",
    ),
    Standing.OWNER_ELSEWHERE: (
        "- `/video`: a video of a sentence or a picture",
        "- `/models`: what each model can do and costs",
        "- `/owner balance` and more, in your own server",
    ),
}


def _costs(facts: HelpFacts) -> str:
    sentences = [_left(facts.quota_status)]
    if facts.usual is not None:
        at_most = "" if facts.usual.price.certain else "at most "
        sentences.append(
            f"`/video` uses **{escape(shown_name(facts.usual.model))}** for you: "
            f"{at_most}{amount_words(facts.usual.price.credits)}, ready after {usual_time(facts.usual.durations)}."
        )
    if facts.cheapest_credits is not None and (
        facts.usual is None or facts.cheapest_credits < facts.usual.price.credits
    ):
        sentences.append(f"The cheapest video costs {amount_words(facts.cheapest_credits)}.")
    return " ".join(sentences)


def _left(status: QuotaStatus) -> str:
    if status.rules.blocked_reason is not None:
        return "This server cannot make videos at the moment."
    if any(each.limit.scope is Scope.CEILING and each.limit.amount == 0 for each in status.allowances):
        return say(NO_CREDITS_YET)
    spendable = status.spendable
    if spendable is None:
        return "No limit applies to you."
    return f"You can spend **{amount_words(spendable)}** now."


def _whom_to_ask(facts: HelpFacts) -> str:
    if facts.standing is Standing.MEMBER:
        return "The moderators of this server: everybody with Manage Server."
    if facts.standing is Standing.MODERATOR:
        owners = ", ".join(f"<@{owner_id}>" for owner_id in sorted(facts.owner_ids)[:OWNERS_SHOWN])
        return f"The bot's owner: {owners}." if owners else "The bot's owner."
    return "`python -m bot doctor` checks the set-up, and the bot's log says what went wrong."
