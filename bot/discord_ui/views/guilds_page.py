"""`/owner guilds`: every server with what it spent of the owner's account, some servers to a page."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.discord_ui.language.speaking import say, say_many
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.page_button import PagedList, page_row
from bot.discord_ui.views.quota_words import limit_words
from bot.domain.ledger_views import GuildUse

PAGE_SIZE = 15
"""Servers on a page."""
NAME_SHOWN = 60
"""Characters of a server's name. Escaping can double a text, and a page must fit one message."""


def guilds_view(uses: Sequence[GuildUse], names: Mapping[int, str], page: int = 0) -> discord.ui.LayoutView:
    """Return a page: first those that spent most this month, then those that the bot is in and that never used it.

    `names` are the names of the servers that the bot is in, by id. A page beyond the last one is the last one.
    """
    used = {use.guild_id for use in uses}
    unused = sorted(names.keys() - used, key=lambda guild_id: (names[guild_id].casefold(), guild_id))
    lines = [_use_line(use, names.get(use.guild_id)) for use in uses]
    lines += [
        say("- {server} `{id}`: not used yet", server=_named(names[guild_id]), id=str(guild_id)) for guild_id in unused
    ]
    pages = max(1, -(-len(lines) // PAGE_SIZE))
    page = min(page, pages - 1)
    shown = lines[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] or [say("None yet.")]
    heading = say_many("## {count} server", "## {count} servers", len(lines))
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay("\n".join([heading, *shown])))
    if pages > 1:
        container.add_item(page_row(PagedList.GUILDS, page, pages))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _use_line(use: GuildUse, name: str | None) -> str:
    ceilings = ", ".join(limit_words(limit) for limit in use.ceilings) or say("no ceiling")
    blocked = f" · ⛔ {excerpt(use.blocked_reason, 40)}" if use.blocked_reason is not None else ""
    # Another process may hold the server's shard, or the bot has left it.
    named = say("unknown server") if name is None else _named(name)
    return say(
        "- {server} `{id}`: {this_month} this month, {held} held, {ever} ever · {limits}",
        server=named,
        id=str(use.guild_id),
        this_month=use.charged_this_month,
        held=use.held,
        ever=use.charged_ever,
        limits=f"{ceilings}{blocked}",
    )


def _named(name: str) -> str:
    return f"**{excerpt(name, NAME_SHOWN)}**"
