"""Warnings about limits and rules in words, for moderators."""

from collections.abc import Collection, Sequence

from bot.discord_ui.views.quota_words import limit_words, per_words, subject_words
from bot.domain.limit_warnings import LimitWarning, Why
from bot.domain.quota import Limit, Scope

_RULES = {
    Why.NO_JOBS: {
        "member_jobs_max": "Nobody can ask for anything: a member may have no request at once.",
        "guild_jobs_max": "Nobody can ask for anything: this server may have no request at once.",
    },
    Why.NOTHING_COSTS_SO_LITTLE: {"price_max": "Nobody can ask for anything that costs credits."},
    Why.NEVER_ASKED: {
        "confirm_above": "Members are never asked to confirm a price: no request may cost more than that.",
        "approval_above": "Moderators are never asked to approve a price: no request may cost more than that.",
    },
}


def warned(text: str, warnings: Sequence[LimitWarning], known_roles: Collection[int]) -> str:
    """Return a text, and below it each of the warnings in a line."""
    return "\n".join([text, *(f"⚠️ {warning_words(warning, known_roles)}" for warning in warnings)])


def warning_words(warning: LimitWarning, known_roles: Collection[int]) -> str:
    """Return one or two sentences. Roles that are not in `known_roles` were deleted."""
    if warning.rule is not None:
        return _RULES[warning.why][warning.rule]
    if warning.limit is None:
        raise ValueError("a warning is about a limit or a rule")
    whom, limit, holds = subject_words(warning.limit, known_roles), warning.limit, warning.holds
    if holds is None:
        return _alone(limit, whom)
    if warning.why is Why.BELOW_DEFAULT:
        return (
            f"Members with {whom} can spend less than everybody else: {limit_words(limit)}, "
            f"where everyone has {limit_words(holds)}."
        )
    return f"Giving {whom} {limit_words(limit)} has no effect: {_holds(limit, holds, whom)}"


def _holds(limit: Limit, holds: Limit, whom: str) -> str:
    match holds.scope:
        case Scope.CEILING:
            return f"the bot's owner lets this server spend {limit_words(holds)} in all."
        case Scope.GUILD:
            return f"this server as a whole may spend {limit_words(holds)}."
        case Scope.DEFAULT if limit.scope is not Scope.DEFAULT:
            return (
                f"{limit_words(holds)} for everyone still holds. To lift it, set an amount {per_words(holds.period)} "
                f"for {whom}, too."
            )
        case _:
            return f"{limit_words(holds)} for {whom} still holds."


def _alone(limit: Limit, whom: str) -> str:
    match limit.scope:
        case Scope.CEILING:
            return "The bot's owner has given this server no credits yet: nobody can ask for anything that costs some."
        case Scope.GUILD:
            return "A limit of 0 for the server: nobody can ask for anything that costs credits."
        case Scope.DEFAULT:
            return "A limit of 0 for everyone: only roles and members with a limit of their own can spend credits."
        case _:
            return f"A limit of 0 for {whom}: they can ask for nothing that costs credits."
