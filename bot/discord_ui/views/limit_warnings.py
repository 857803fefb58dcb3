"""Warnings about limits and rules in words, for moderators."""

from collections.abc import Collection, Sequence

from bot.discord_ui.language.speaking import mark, say
from bot.discord_ui.views.quota_words import limit_words, subject_words
from bot.discord_ui.views.words import capitalised, pair
from bot.domain.limit_warnings import LimitWarning, Why
from bot.domain.quota import Limit, Scope

_RULES = {
    Why.NO_JOBS: {
        "member_jobs_max": mark("Nobody can ask for anything: a member may have no request at once."),
        "guild_jobs_max": mark("Nobody can ask for anything: this server may have no request at once."),
    },
    Why.NOTHING_COSTS_SO_LITTLE: {"price_max": mark("Nobody can ask for anything that costs credits.")},
    Why.NEVER_ASKED: {
        "confirm_above": mark("Members are never asked to confirm a price: no request may cost more than that."),
        "approval_above": mark("Moderators are never asked to approve a price: no request may cost more than that."),
    },
}


def warned(text: str, warnings: Sequence[LimitWarning], known_roles: Collection[int]) -> str:
    """Return a text, and below it each of the warnings in a line."""
    return "\n".join([text, *(f"⚠️ {warning_words(warning, known_roles)}" for warning in warnings)])


def warning_words(warning: LimitWarning, known_roles: Collection[int]) -> str:
    """Return one or two sentences. Roles that are not in `known_roles` were deleted."""
    if warning.rule is not None:
        return say(_RULES[warning.why][warning.rule])
    if warning.limit is None:
        raise ValueError("a warning is about a limit or a rule")
    limit, holds = warning.limit, warning.holds
    whom = subject_words(limit, known_roles)
    if holds is None:
        return _alone(limit, capitalised(whom))
    budget = pair(capitalised(whom), limit_words(limit))
    if warning.why is Why.BELOW_DEFAULT:
        return say("{budget}. That is less than everybody else has: {limit}.", budget=budget, limit=limit_words(holds))
    return say(_holds(limit, holds), budget=budget, limit=limit_words(holds))


def _holds(limit: Limit, holds: Limit) -> str:
    match holds.scope:
        case Scope.CEILING:
            return mark("{budget}. That has no effect, because the bot's owner lets this server spend less: {limit}.")
        case Scope.GUILD:
            return mark("{budget}. That has no effect, because this server as a whole may spend less: {limit}.")
        case Scope.DEFAULT if limit.scope is not Scope.DEFAULT:
            return mark(
                "{budget}. That has no effect while the limit for everyone holds, too: {limit}. To lift it here, set "
                "an amount for the same period."
            )
        case _:
            return mark("{budget}. That has no effect while another limit holds, too: {limit}.")


def _alone(limit: Limit, whom: str) -> str:
    match limit.scope:
        case Scope.CEILING:
            return say(
                "The bot's owner has given this server no credits yet: nobody can ask for anything that costs some."
            )
        case Scope.GUILD:
            return say("A limit of 0 for the server: nobody can ask for anything that costs credits.")
        case Scope.DEFAULT:
            return say("A limit of 0 for everyone: only roles and members with a limit of their own can spend credits.")
        case _:
            return say("{whom}: a limit of 0 leaves nothing that costs credits.", whom=whom)
