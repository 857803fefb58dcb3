"""Limits as choices of an option: what a moderator picks from, and how a pick is read again."""

from collections.abc import Iterable, Mapping

from discord import app_commands

from bot.discord_ui.views.message_limits import CHOICES_MAX, cut
from bot.discord_ui.views.quota_words import limit_words
from bot.domain.periods import Period
from bot.domain.quota import Limit, Scope
from bot.domain.refusals import Impossible, NotPossible


def limit_choices(limits: Iterable[Limit], role_names: Mapping[int, str], typed: str) -> list[app_commands.Choice[str]]:
    """Return the moderators' limits whose words contain what was typed. Deleted roles are named by their id."""
    found = []
    for limit in limits:
        words = f"{_subject(limit, role_names)}: {limit_words(limit)}"
        if limit.scope is not Scope.CEILING and typed.casefold() in words.casefold():
            value = f"{limit.scope}:{limit.subject_id}:{limit.period}"
            found.append(app_commands.Choice(name=cut(words, 100), value=value))
    return found[:CHOICES_MAX]


def limit_of_choice(value: str) -> Limit:
    """Return the limit that a choice's value names, without its amount. Raises NotPossible for anything else."""
    try:
        scope, subject, period = value.split(":")
        limit = Limit(Scope(scope), int(subject), Period(period), None)
    except ValueError:
        limit = None
    if limit is None or limit.scope is Scope.CEILING or not 0 <= limit.subject_id < 2**63:
        raise NotPossible(Impossible.NOT_A_LIMIT)
    return limit


def _subject(limit: Limit, role_names: Mapping[int, str]) -> str:
    match limit.scope:
        case Scope.ROLE:
            name = role_names.get(limit.subject_id)
            return f"deleted role {limit.subject_id}" if name is None else f"role {cut(name, 40)}"
        case Scope.MEMBER:
            return f"member {limit.subject_id}"
        case Scope.DEFAULT:
            return "everyone"
        case _:
            return "the server"
