"""Why a server's settings do not allow a request, and where or with what it is possible."""

from collections.abc import Collection, Iterable

from bot.discord_ui.language.speaking import either, say
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
            return say(
                "Videos are not made in this channel. Please ask in {places}.",
                places=one_of([f"<#{id_}>" for id_ in known]),
            )
        case AccessReason.CHANNEL:
            return say("Videos are not made in any channel that you see. A moderator can allow more by `/settings`.")
        case AccessReason.ROLE if known:
            return say(
                "Only members with {roles} can ask for videos here.", roles=one_of([f"<@&{id_}>" for id_ in known])
            )
        case AccessReason.ROLE:
            return say(
                "The roles that could ask for videos here are gone. A moderator can choose others by `/settings`."
            )
        case AccessReason.MODEL:
            if model is None:
                return say("This model may not be used here. `/models` shows what may.")
            name = f"**{escape(shown_name(model))}**"
            return say("{model} may not be used here. `/models` shows what may.", model=name)
        case AccessReason.UNREADABLE:
            return say(
                "I cannot read this server's settings, so I do not know what is allowed. "
                "A moderator can choose them again by `/settings`."
            )


def one_of(names: list[str]) -> str:
    """Return names as alternatives: "a", "a or b", "a, b or one of 3 others"."""
    named = names[:NAMED_MAX]
    if len(names) > NAMED_MAX:
        others = len(names) - NAMED_MAX
        return say("{names} or one of {number} others", names=", ".join(named), number=others)
    return either(named)
