"""Files in Discord's messages, and the models that can use them."""

from collections.abc import Iterable

import discord

from bot.discord_ui.interactions.invocation import attachment_of
from bot.domain.attachments import Attachment, MediaKind
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.fields import OptionKind, options_for


def first_file(message: discord.Message, kind: MediaKind) -> Attachment | None:
    """Return the first attachment of a kind in a message or in the message that it forwards; None without one."""
    attachments: Iterable[discord.Attachment] = [
        *message.attachments,
        *(attachment for snapshot in message.message_snapshots for attachment in snapshot.attachments),
    ]
    return next((file for file in map(attachment_of, attachments) if file.kind is kind), None)


def models_for(catalogue: Catalogue, kind: MediaKind) -> list[tuple[Capability, str]]:
    """Return the models that need only one file of a kind and a prompt, by name, each with the file's option."""
    found = []
    for model in catalogue.models:
        specs = options_for(model)
        taking = [spec.name for spec in specs if spec.kind is OptionKind(kind.value)]
        others = [spec for spec in specs if spec.required and spec.name not in (*taking[:1], "prompt")]
        if taking and not others and len(model.slug) <= 100:
            found.append((model, taking[0]))
    return sorted(found, key=lambda pair: pair[0].name.casefold())
