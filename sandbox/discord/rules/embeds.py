"""Limits of embeds: https://discord.com/developers/docs/resources/message#embed-object-embed-limits."""

from sandbox.discord.errors import FormErrors, Path
from sandbox.discord.model import Json
from sandbox.discord.rules.fields import objects, text

EMBEDS_MAX = 10
EMBED_CHARACTERS_MAX = 6000


def check_embeds(errors: FormErrors, body: Json, path: Path) -> None:
    """Note what Discord refuses about the embeds of a message."""
    total = 0
    for where, embed in objects(errors, body, "embeds", path, 0, EMBEDS_MAX):
        text(errors, embed, "title", where, 0, 256)
        text(errors, embed, "description", where, 0, 4096)
        total += _characters(embed, "title", "description")
        for part, key, limit in (("footer", "text", 2048), ("author", "name", 256)):
            if isinstance(holder := embed.get(part), dict):
                text(errors, holder, key, (*where, part), 0, limit)
                total += _characters(holder, key)
        for at, entry in objects(errors, embed, "fields", where, 0, 25):
            text(errors, entry, "name", at, 1, 256, required=True)
            text(errors, entry, "value", at, 1, 1024, required=True)
            total += _characters(entry, "name", "value")
    if total > EMBED_CHARACTERS_MAX:
        errors.add((*path, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _characters(holder: Json, *keys: str) -> int:
    return sum(len(holder[key]) for key in keys if isinstance(holder.get(key), str))
