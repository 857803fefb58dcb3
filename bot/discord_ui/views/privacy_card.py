"""The card of `/privacy show`: what is kept about a member, why, for how long, and who gets it."""

from typing import Any

import discord

from bot.discord_ui.language.speaking import say, say_many
from bot.domain.privacy import Kept, Policy


def privacy_card(kept: Kept, policy: Policy) -> discord.ui.LayoutView:
    """Build the card. It mentions nobody and has no pictures."""
    lines = [*_what(kept), *_why(), *_how_long(policy), *_who(), *_rights(kept)]
    lines[-1] += policy_links(policy)
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay("\n".join(lines)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def policy_links(policy: Policy) -> str:
    """Return the links to what the owner says about data, with a blank before each. Empty if there are none."""
    links = [
        (say("Privacy policy"), policy.privacy_url),
        (say("Terms"), policy.terms_url),
    ]
    return "".join(f" [{words}](<{url}>)" for words, url in links if url is not None)


def _what(kept: Kept) -> list[str]:
    return [
        say("### What is kept about you"),
        say_many(
            "- {count} request: your Discord id, the prompt, the options, links to your files and to the videos, "
            "and where they were posted.",
            "- {count} requests: your Discord id, the prompt, the options, links to your files and to the videos, "
            "and where they were posted.",
            kept.jobs,
        ),
        say_many(
            "- {count} movement of credits: what was held, spent or given back, when, and why.",
            "- {count} movements of credits: what was held, spent or given back, when, and why.",
            kept.ledger_entries,
        ),
        say_many("- Your last choices for {count} model.", "- Your last choices for {count} models.", kept.choices),
        say("- How many people reacted to your videos, never who, and whether you keep them out of the gallery."),
        say_many(
            "- {count} picture that you saved with `/cast add`, with its name.",
            "- {count} pictures that you saved with `/cast add`, with their names.",
            kept.pictures,
        ),
        say("- Reels that you made, what you added to reels, and what you wrote or attached there."),
        say("- The language of your Discord, for direct messages to you."),
        say("- Settings and limits that you changed as a moderator; limits, blocks and reports about you."),
    ]


def _why() -> list[str]:
    return [
        say("### Why"),
        say(
            "To make your videos, to post them, to keep to your server's limits, and to explain every credit. "
            "Your last choices save you from choosing again."
        ),
    ]


def _how_long(policy: Policy) -> list[str]:
    return [
        say("### For how long"),
        say_many(
            "- Prompts, files and videos: at most {count} day after the request ended, or until you have them erased.",
            "- Prompts, files and videos: at most {count} days after the request ended, or until you have them erased.",
            policy.retention_days,
        ),
        say_many(
            "- Saved pictures: until you remove them, or nobody has used them for {count} day.",
            "- Saved pictures: until you remove them, or nobody has used them for {count} days.",
            policy.retention_days,
        ),
        say_many(
            "- Reels: until nobody has changed them for {count} day. Your part of them: until you have it erased.",
            "- Reels: until nobody has changed them for {count} days. Your part of them: until you have it erased.",
            policy.retention_days,
        ),
        say("- Credits: as long as the bot is run. Once you have your data erased, under a random number."),
        say("- What belongs to a server: 30 days after the bot has left it."),
    ]


def _who() -> list[str]:
    return [
        say("### Who gets it"),
        say("- The video provider gets the prompt, the options and your files. It does not get your name or id."),
        say("- Discord gets the videos, and what the messages say."),
        say(
            "- Moderators of the server see your requests and their price. "
            "The bot's owner can see everything that is kept."
        ),
    ]


def _rights(kept: Kept) -> list[str]:
    lines = [
        say("### What you can do"),
        say(
            "`/privacy export` sends you everything as a file that only you see. "
            "`/privacy erase` erases it, here or everywhere, after a question."
        ),
    ]
    if kept.erasures:
        lines.append(say("⏳ Your data is being erased. This ends when nothing of yours is being made any more."))
    return lines
