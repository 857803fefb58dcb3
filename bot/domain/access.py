"""Whether a guild's settings let a member ask for a video: with this model, in this channel, with these roles."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.guild_settings import GuildSetting, GuildSettings


class AccessReason(StrEnum):
    """What the settings do not allow."""

    CHANNEL = "channel"
    ROLE = "role"
    MODEL = "model"
    UNREADABLE = "unreadable"
    """What is stored about channels, roles or models is not understood, so nothing is known to be allowed."""


RESTRICTIVE = frozenset({GuildSetting.ALLOWED_CHANNELS, GuildSetting.ALLOWED_ROLES, GuildSetting.ALLOWED_MODELS})
"""Settings without which it is not known what is allowed."""


@dataclass(frozen=True, slots=True)
class AccessRefusal:
    """One thing that the settings do not allow, and what they allow instead."""

    reason: AccessReason
    allowed_ids: frozenset[int] = frozenset()
    """The allowed channels and categories, or the allowed roles. Some of them may have been deleted."""


def access_refusals(
    settings: GuildSettings,
    model_slug: str | None,
    channel_ids: Collection[int],
    role_ids: Collection[int],
    *,
    by_button: bool = False,
) -> tuple[AccessRefusal, ...]:
    """Return everything that stands in the way; empty where the request is allowed.

    Without `model_slug` any model will do. `channel_ids` are the channel of the request, the channel of which it is a
    thread, and the category of either. `by_button` says that a message's button asks: those of results work in the
    results channel, too.
    """
    if settings.unreadable & RESTRICTIVE:
        return (AccessRefusal(AccessReason.UNREADABLE),)
    refusals = []
    among_results = by_button and settings.results_channel in channel_ids
    if settings.allowed_channels and settings.allowed_channels.isdisjoint(channel_ids) and not among_results:
        refusals.append(AccessRefusal(AccessReason.CHANNEL, settings.allowed_channels))
    if settings.allowed_roles and settings.allowed_roles.isdisjoint(role_ids):
        refusals.append(AccessRefusal(AccessReason.ROLE, settings.allowed_roles))
    if model_slug is not None and not settings.allows_model(model_slug):
        refusals.append(AccessRefusal(AccessReason.MODEL))
    return tuple(refusals)
