"""Limits as choices of an option: what a moderator picks from, and how a pick is read again."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from discord import app_commands

from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, cut
from bot.discord_ui.views.quota_words import confirm_words, limit_words
from bot.discord_ui.views.words import pair
from bot.domain import confirmation
from bot.domain.periods import Period
from bot.domain.quota import Limit, Scope
from bot.domain.refusals import Impossible, NotPossible


def limit_choices(limits: Iterable[Limit], role_names: Mapping[int, str], typed: str) -> list[app_commands.Choice[str]]:
    """Return the moderators' limits whose words contain what was typed. Deleted roles are named by their id."""
    found = []
    for limit in limits:
        words = pair(_subject(limit, role_names), limit_words(limit))
        if limit.scope is not Scope.CEILING and typed.casefold() in words.casefold():
            value = f"{limit.scope}:{limit.subject_id}:{limit.period}"
            found.append(app_commands.Choice(name=cut(words, 100), value=value))
    return found[:CHOICES_MAX]


def threshold_choices(typed: str) -> list[app_commands.Choice[str]]:
    """Return what may be typed for the price above which members are asked: the number itself, and words."""
    offered = {"default": confirmation.DEFAULT, "always": confirmation.ALWAYS, "never": confirmation.NEVER}
    with suppress(NotPossible):
        offered = {typed.strip(): confirmation.parse_threshold(typed), **offered}
    return [
        app_commands.Choice(
            name=cut(pair(text, confirm_words(threshold)), CHOICE_MAX),
            value=text,
        )
        for text, threshold in offered.items()
        if typed.strip().casefold() in text
    ]


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
            if name is None:
                return say("deleted role {role}", role=str(limit.subject_id))
            return say("role {role}", role=cut(name, 40))
        case Scope.MEMBER:
            return say("member {id}", id=str(limit.subject_id))
        case Scope.DEFAULT:
            return say("everyone")
        case _:
            return say("the server")
