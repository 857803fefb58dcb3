"""Credits as members, moderators and the owner read them."""

from collections.abc import Collection, Sequence
from typing import Any

import discord

from bot.discord_ui.language.speaking import say, say_many, say_on
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
from bot.discord_ui.views.words import NameOf, heading, pair, person, relative
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
        lines = [say("This server cannot generate videos at the moment; its moderators can ask the bot's owner.")]
    shown = [allowance for allowance in quota_status.allowances if allowance.limit.scope is not Scope.ACCOUNT]
    if any(allowance.limit.scope is Scope.CEILING and allowance.limit.amount == 0 for allowance in shown):
        lines.append(say(NO_CREDITS_YET))
    lines += [f"- {allowance_words(allowance)}" for allowance in shown]
    if rules.price_max is not None:
        lines.append(
            say_many(
                "- One request may cost at most {count} credit",
                "- One request may cost at most {count} credits",
                rules.price_max,
            )
        )
    lines.append(_own_jobs(quota_status.member_jobs, rules.member_jobs_max))
    sections = ["\n".join(lines)]
    if view.grants:
        sections.append(
            "\n".join([say("### Granted beyond the limits"), *map(_grant_line, view.grants[:GRANTS_SHOWN])])
        )
    if view.latest.lines:
        lines = [line_text(line, name_of, own=True) for line in view.latest.lines]
        sections.append("\n".join([heading(say("Latest")), *lines]))
    card = _card(say("## Your credits"), sections)
    if view.latest.has_older:
        everything = LedgerButton(view.ledger, Turn.NEWEST, say_on("button", "Everything you spent"))
        card.add_item(discord.ui.ActionRow(everything))
    return card


def overview_card(overview: Overview, known_roles: Collection[int], name_of: NameOf) -> discord.ui.LayoutView:
    """Build the card of `/quota show`: everything that is set, and how much of the guild's credits is used."""
    guild = [f"- {allowance_words(allowance)}" for allowance in overview.guild_allowances]
    guild = guild or [say("- no limit for the server as a whole")]
    guild.append(_guild_jobs(overview.jobs, overview.rules.guild_jobs_max))
    others = [limit for limit in overview.limits if limit.scope not in (Scope.CEILING, Scope.GUILD)]
    shown = [f"- {pair(subject_words(limit, known_roles), limit_words(limit))}" for limit in others[:LIMITS_SHOWN]]
    if len(others) > LIMITS_SHOWN:
        shown.append(say("- … and {number} more", number=len(others) - LIMITS_SHOWN))
    sections = ["\n".join(guild), "\n".join([heading(say("Members")), *(shown or [say("- no limits")])])]
    if overview.warnings:
        words = [f"- ⚠️ {warning_words(warning, known_roles)}" for warning in overview.warnings[:WARNINGS_SHOWN]]
        sections.append("\n".join([say("### Please look at these"), *words]))
    sections.append("\n".join([heading(say("Rules")), *_rule_lines(overview.rules)]))
    if overview.grants:
        sections.append("\n".join([heading(say("Grants")), *map(_grant_line, overview.grants[:GRANTS_SHOWN])]))
    if overview.audit:
        changes = [
            f"- {relative(entry.created_at)} {actor_words(entry.actor_id)} {audit_words(entry, known_roles, name_of)}"
            for entry in overview.audit
        ]
        sections.append("\n".join([say("### Latest changes"), *changes]))
    return _card(say("## Quotas of this server"), sections)


def balance_card(balance: Balance) -> discord.ui.LayoutView:
    """Build the card of `/owner balance`."""
    if balance.remaining is None or balance.seen_at is None:
        remaining = say("The provider has not told a balance yet; it does with the next job.")
    else:
        remaining = say_many(
            "**{count} credit** left, as the provider said {moment}",
            "**{count} credits** left, as the provider said {moment}",
            balance.remaining,
            moment=relative(balance.seen_at),
        )
    lines = [
        remaining,
        say_many(
            "- {count} credit held for jobs that wait or run",
            "- {count} credits held for jobs that wait or run",
            balance.held,
        ),
        say_many(
            "- charged so far, over {count} server: {credits}",
            "- charged so far, over {count} servers: {credits}",
            balance.guilds,
            credits=amount_words(balance.charged_ever),
        ),
    ]
    if balance.bound is not None:
        lines.append(
            say_many(
                "- {used} of {count} credit used this month by all servers",
                "- {used} of {count} credits used this month by all servers",
                balance.bound,
                used=balance.used_this_month,
            )
        )
    return _card(say("## Your account"), ["\n".join(lines)])


def _spendable(quota_status: QuotaStatus) -> str:
    if quota_status.spendable is None:
        return say("No limit applies to you here.")
    granted = quota_status.member_grants or quota_status.guild_grants
    if granted:
        return say_many(
            "You can spend up to **{count} credit** now, with what was granted to you.",
            "You can spend up to **{count} credits** now, with what was granted to you.",
            quota_status.spendable,
        )
    return say_many(
        "You can spend up to **{count} credit** now.",
        "You can spend up to **{count} credits** now.",
        quota_status.spendable,
    )


def _rule_lines(rules: Rules) -> list[str]:
    per_member, in_server = jobs_words(rules.member_jobs_max), jobs_words(rules.guild_jobs_max)
    return [
        say("- Highest price of one request: {credits}", credits=amount_words(rules.price_max)),
        say(
            "- Jobs at once per member: {per_member}; in the server: {in_server}",
            per_member=per_member,
            in_server=in_server,
        ),
        say("- Members confirm first: {what}", what=confirm_words(rules.confirm_above)),
        _approval_line(rules),
        say("- Days begin at midnight in {time_zone}", time_zone=rules.time_zone),
    ]


def _approval_line(rules: Rules) -> str:
    above = threshold_words(rules.approval_above)
    if rules.approval_above is None:
        return say("- Moderators approve prices above: {amount}", amount=above)
    channel = f"<#{rules.approval_channel_id}>"
    return say("- Moderators approve prices above: {amount} (asked in {channel})", amount=above, channel=channel)


def _grant_line(grant: Grant) -> str:
    about: dict[str, object] = {"left": grant.left, "amount": grant.amount, "reason": excerpt(grant.reason, 80)}
    if grant.ends_at is not None:
        about["moment"] = relative(grant.ends_at)
    if grant.subject_id == 0:
        if grant.ends_at is None:
            return say("- {left} of {amount} left for the server “{reason}”", **about)
        return say("- {left} of {amount} left for the server, ends {moment} “{reason}”", **about)
    about["member"] = person(grant.subject_id)
    if grant.ends_at is None:
        return say("- {left} of {amount} left for {member} “{reason}”", **about)
    return say("- {left} of {amount} left for {member}, ends {moment} “{reason}”", **about)


def _own_jobs(jobs: int, most: int | None) -> str:
    if most is None:
        return say_many("- You have {count} job waiting or running", "- You have {count} jobs waiting or running", jobs)
    return say_many(
        "- You have {count} job waiting or running (at most {most} at once)",
        "- You have {count} jobs waiting or running (at most {most} at once)",
        jobs,
        most=most,
    )


def _guild_jobs(jobs: int, most: int | None) -> str:
    if most is None:
        return say_many("- {count} job waiting or running", "- {count} jobs waiting or running", jobs)
    return say_many(
        "- {count} job waiting or running (at most {most} at once)",
        "- {count} jobs waiting or running (at most {most} at once)",
        jobs,
        most=most,
    )


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
