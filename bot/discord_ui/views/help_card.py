"""The card of `/help`: who somebody is here, what to try, what it costs, what is kept, and whom to ask."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any

import discord

from bot.discord_ui.language.speaking import mark, say, say_many
from bot.discord_ui.views.escaping import escape
from bot.discord_ui.views.model_words import estimate_words, shown_name, usual_time
from bot.discord_ui.views.privacy_card import policy_links
from bot.discord_ui.views.quota_words import NO_CREDITS_YET
from bot.discord_ui.views.words import heading
from bot.domain.capabilities import Capability
from bot.domain.durations import Durations
from bot.domain.pricing import Estimate
from bot.domain.privacy import Policy
from bot.domain.quota import QuotaStatus, Scope

OWNERS_SHOWN = 3
"""Owners whom a moderator is told to ask."""


class Standing(Enum):
    """Who somebody is in a guild, from the point of view of the bot."""

    MEMBER = "member"
    MODERATOR = "moderator"
    OWNER = "owner"
    """An owner of the bot, in a guild that has the owners' commands."""
    OWNER_ELSEWHERE = "owner_elsewhere"
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
    policy: Policy


def help_view(facts: HelpFacts) -> discord.ui.LayoutView:
    """Build the card. It is short enough for one screen of a phone."""
    lines = [
        heading(say(_WHO[facts.standing])),
        *map(say, _TRY[facts.standing]),
        heading(say("What it costs")),
        _costs(facts),
        heading(say("What is kept about you")),
        say(KEPT) + policy_links(facts.policy),
        heading(say("Whom to ask")),
        _whom_to_ask(facts),
    ]
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay("\n".join(lines)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


KEPT = mark(
    "With each request: your Discord id, prompt, options, links to your files and videos, and the price; also your "
    "last choices. The video provider gets prompt and files, not your name. `/privacy show` tells more."
)
"""What the tables of `bot.storage` hold about a member, and what `bot.domain.request.payload` sends."""

_WHO = {
    Standing.MEMBER: mark("You are a member here. Try this:"),
    Standing.MODERATOR: mark("You are a moderator here. Try this:"),
    Standing.OWNER: mark("This bot is yours. Try this:"),
    Standing.OWNER_ELSEWHERE: mark("This bot is yours. Try this:"),
}
_TRY = {
    Standing.MEMBER: (
        mark("- `/video`: a video of a sentence or a picture"),
        mark("- `/models`: what each model can do and costs"),
        mark("- `/jobs`: your videos, to cancel or post again"),
    ),
    Standing.MODERATOR: (
        mark("- `/settings`: what this server allows"),
        mark("- `/quota show`: this server's credits and limits"),
        mark("- `/queue show`: what waits, and why"),
    ),
    Standing.OWNER: (
        mark("- `/owner balance`: what your account has left"),
        mark("- `/owner guilds`: which servers use it"),
        mark("- `/owner unresolved`: what only you can decide"),
    ),
    Standing.OWNER_ELSEWHERE: (
        mark("- `/video`: a video of a sentence or a picture"),
        mark("- `/models`: what each model can do and costs"),
        mark("- `/owner balance` and more, in your own server"),
    ),
}


def _costs(facts: HelpFacts) -> str:
    sentences = [_left(facts.quota_status)]
    if facts.usual is not None:
        sentences.append(
            say(
                "`/video` uses **{model}** for you: {price}, {time}.",
                model=escape(shown_name(facts.usual.model)),
                price=estimate_words(facts.usual.price),
                time=usual_time(facts.usual.durations),
            )
        )
    if facts.cheapest_credits is not None and (
        facts.usual is None or facts.cheapest_credits < facts.usual.price.credits
    ):
        sentences.append(
            say_many(
                "The cheapest video costs {count} credit.",
                "The cheapest video costs {count} credits.",
                facts.cheapest_credits,
            )
        )
    return " ".join(sentences)


def _left(status: QuotaStatus) -> str:
    if status.rules.blocked_reason is not None:
        return say("This server cannot make videos at the moment.")
    if any(each.limit.scope is Scope.CEILING and each.limit.amount == 0 for each in status.allowances):
        return say(NO_CREDITS_YET)
    spendable = status.spendable
    if spendable is None:
        return say("No limit applies to you.")
    return say_many("You can spend **{count} credit** now.", "You can spend **{count} credits** now.", spendable)


def _whom_to_ask(facts: HelpFacts) -> str:
    if facts.standing is Standing.MEMBER:
        return say("The moderators of this server: everybody with Manage Server.")
    if facts.standing is Standing.MODERATOR:
        owners = ", ".join(f"<@{owner_id}>" for owner_id in sorted(facts.owner_ids)[:OWNERS_SHOWN])
        return say("The bot's owner: {owners}.", owners=owners) if owners else say("The bot's owner.")
    return say("`python -m bot doctor` checks the set-up, and the bot's log says what went wrong.")
