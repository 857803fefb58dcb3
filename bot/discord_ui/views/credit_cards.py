"""Credits as members, moderators and the owner read them."""

from collections.abc import Collection, Sequence
from typing import Any

import discord

from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.audit_words import actor_words, audit_words
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.ledger_pages import LedgerButton, Turn, line_text
from bot.discord_ui.views.limit_warnings import warning_words
from bot.discord_ui.views.message_limits import length
from bot.discord_ui.views.quota_words import (
    NO_CREDITS_YET,
    allowance_words,
    amount_words,
    confirm_words,
    jobs_words,
    limit_words,
    subject_words,
    threshold_words,
)
from bot.discord_ui.views.words import NameOf, counted, person, relative
from bot.domain.ledger_views import Balance
from bot.domain.quota import Grant, QuotaStatus, Rules, Scope
from bot.services.credit_views import MemberView, Overview

TEXT_MAX = 3_900
"""Characters of text on one card, just below what one message of this kind may show."""
LIMITS_SHOWN = 20
GRANTS_SHOWN = 5
WARNINGS_SHOWN = 5


def member_card(view: MemberView, name_of: NameOf) -> discord.ui.LayoutView:
    """Build the card of `/credits`: what is left under each limit, and what happened last."""
    quota_status = view.quota_status
    rules = quota_status.rules
    lines = [_spendable(quota_status)]
    if rules.blocked_reason is not None:
        lines = ["This server cannot generate videos at the moment; its moderators can ask the bot's owner."]
    shown = [allowance for allowance in quota_status.allowances if allowance.limit.scope is not Scope.ACCOUNT]
    if any(allowance.limit.scope is Scope.CEILING and allowance.limit.amount == 0 for allowance in shown):
        lines.append(say(NO_CREDITS_YET))
    lines += [f"- {allowance_words(allowance)}" for allowance in shown]
    if rules.price_max is not None:
        lines.append(f"- One request may cost at most {amount_words(rules.price_max)}")
    lines.append(f"- You have {_under_way(quota_status.member_jobs)}{_of(rules.member_jobs_max)}")
    sections = ["\n".join(lines)]
    if view.grants:
        sections.append("\n".join(["### Granted beyond the limits", *map(_grant_line, view.grants[:GRANTS_SHOWN])]))
    if view.latest.lines:
        lines = [line_text(line, name_of, own=True) for line in view.latest.lines]
        sections.append("\n".join(["### Latest", *lines]))
    card = _card("## Your credits", sections)
    if view.latest.has_older:
        everything = LedgerButton(view.ledger, Turn.NEWEST, "Everything you spent")
        card.add_item(discord.ui.ActionRow(everything))
    return card


def overview_card(overview: Overview, known_roles: Collection[int], name_of: NameOf) -> discord.ui.LayoutView:
    """Build the card of `/quota show`: everything that is set, and how much of the guild's credits is used."""
    guild = [f"- {allowance_words(allowance)}" for allowance in overview.guild_allowances]
    guild = guild or ["- no limit for the server as a whole"]
    guild.append(f"- {_under_way(overview.jobs)}{_of(overview.rules.guild_jobs_max)}")
    others = [limit for limit in overview.limits if limit.scope not in (Scope.CEILING, Scope.GUILD)]
    shown = [f"- {subject_words(limit, known_roles)}: {limit_words(limit)}" for limit in others[:LIMITS_SHOWN]]
    if len(others) > LIMITS_SHOWN:
        shown.append(f"- … and {len(others) - LIMITS_SHOWN} more")
    sections = ["\n".join(guild), "\n".join(["### Members", *(shown or ["- no limits"])])]
    if overview.warnings:
        words = [f"- ⚠️ {warning_words(warning, known_roles)}" for warning in overview.warnings[:WARNINGS_SHOWN]]
        sections.append("\n".join(["### Please look at these", *words]))
    sections.append("\n".join(["### Rules", *_rule_lines(overview.rules)]))
    if overview.grants:
        sections.append("\n".join(["### Grants", *map(_grant_line, overview.grants[:GRANTS_SHOWN])]))
    if overview.audit:
        changes = [
            f"- {relative(entry.created_at)} {actor_words(entry.actor_id)} {audit_words(entry, known_roles, name_of)}"
            for entry in overview.audit
        ]
        sections.append("\n".join(["### Latest changes", *changes]))
    return _card("## Quotas of this server", sections)


def balance_card(balance: Balance) -> discord.ui.LayoutView:
    """Build the card of `/owner balance`."""
    if balance.remaining is None or balance.seen_at is None:
        remaining = "The provider has not told a balance yet; it does with the next job."
    else:
        remaining = f"**{amount_words(balance.remaining)}** left, as the provider said {relative(balance.seen_at)}"
    lines = [
        remaining,
        f"- {amount_words(balance.held)} held for jobs that wait or run",
        f"- {amount_words(balance.charged_ever)} charged so far, over {counted(balance.guilds, 'server')}",
    ]
    if balance.bound is not None:
        lines.append(f"- {balance.used_this_month:,} of {amount_words(balance.bound)} used this month by all servers")
    return _card("## Your account", ["\n".join(lines)])


def _spendable(quota_status: QuotaStatus) -> str:
    if quota_status.spendable is None:
        return "No limit applies to you here."
    granted = quota_status.member_grants or quota_status.guild_grants
    included = ", with what was granted to you" if granted else ""
    return f"You can spend up to **{amount_words(quota_status.spendable)}** now{included}."


def _rule_lines(rules: Rules) -> list[str]:
    channel = f" (asked in <#{rules.approval_channel_id}>)" if rules.approval_above is not None else ""
    per_member, in_server = jobs_words(rules.member_jobs_max), jobs_words(rules.guild_jobs_max)
    return [
        f"- Highest price of one request: {amount_words(rules.price_max)}",
        f"- Jobs at once: {per_member} per member, {in_server} in the server",
        f"- Members confirm first: {confirm_words(rules.confirm_above)}",
        f"- Moderators approve prices above: {threshold_words(rules.approval_above)}{channel}",
        f"- Days begin at midnight in {rules.time_zone}",
    ]


def _grant_line(grant: Grant) -> str:
    whose = "the server" if grant.subject_id == 0 else person(grant.subject_id)
    ends = "" if grant.ends_at is None else f", ends {relative(grant.ends_at)}"
    return f"- {grant.left:,} of {grant.amount:,} left for {whose}{ends} “{excerpt(grant.reason, 80)}”"


def _under_way(jobs: int) -> str:
    return f"{counted(jobs, 'job')} waiting or running"


def _of(most: int | None) -> str:
    return "" if most is None else f" (at most {most:,} at once)"


def _card(title: str, sections: Sequence[str]) -> discord.ui.LayoutView:
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay(title))
    room = TEXT_MAX - length(title)
    for section in sections:
        shown = _fitting(section, room)
        room -= length(shown)
        if shown:
            container.add_item(discord.ui.TextDisplay(shown))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _fitting(text: str, room: int) -> str:
    """Return the first lines of a text that have room."""
    lines = []
    for line in text.splitlines():
        room -= length(line) + 1
        if room < 0:
            break
        lines.append(line)
    return "\n".join(lines)
