"""Why a server's settings do not allow a request, and where or with what it is possible."""

from collections.abc import Collection, Iterable

from bot.discord_ui.views.escaping import escape
from bot.discord_ui.views.model_words import shown_name
from bot.domain.access import AccessReason, AccessRefusal
from bot.domain.capabilities import Capability

NAMED_MAX = 5
"""Channels or roles that are named."""


def access_words(refusals: Iterable[AccessRefusal], model: Capability | None, known_ids: Collection[int]) -> str:
    """Return one sentence or two for each refusal. Only channels and roles in `known_ids` are named."""
    return "\n".join(_sentence(refusal, model, known_ids) for refusal in refusals)


def _sentence(refusal: AccessRefusal, model: Capability | None, known_ids: Collection[int]) -> str:
    known = sorted(refusal.allowed_ids.intersection(known_ids))
    match refusal.reason:
        case AccessReason.CHANNEL if known:
            return f"Videos are not made in this channel. Please ask in {one_of([f'<#{id_}>' for id_ in known])}."
        case AccessReason.CHANNEL:
            return "Videos are not made in any channel that you see. A moderator can allow more by `/settings`."
        case AccessReason.ROLE if known:
            return f"Only members with {one_of([f'<@&{id_}>' for id_ in known])} can ask for videos here."
        case AccessReason.ROLE:
            return "The roles that could ask for videos here are gone. A moderator can choose others by `/settings`."
        case AccessReason.MODEL:
            name = "This model" if model is None else f"**{escape(shown_name(model))}**"
            return f"{name} may not be used here. `/models` shows what may."
        case AccessReason.UNREADABLE:
            return (
                "I cannot read this server's settings, so I do not know what is allowed. "
                "A moderator can choose them again by `/settings`."
            )


def one_of(names: list[str]) -> str:
    """Return names as alternatives: "a", "a or b", "a, b or one of 3 others"."""
    named = names[:NAMED_MAX]
    if len(names) > NAMED_MAX:
        return f"{', '.join(named)} or one of {len(names) - NAMED_MAX} others"
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
