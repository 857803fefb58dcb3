"""Limits of messages: texts, embeds, components, and what excludes what."""

from collections.abc import Collection

from sandbox.discord.errors import ApiError, FormErrors, Path, empty_message
from sandbox.discord.model import Json, Message, MessageFlag
from sandbox.discord.rules.components import check_message_components
from sandbox.discord.rules.embeds import check_embeds
from sandbox.discord.rules.fields import number, text
from sandbox.discord.walk import media_items, walk

CONTENT_CHARACTERS_MAX = 2000
ATTACHMENTS_MAX = 10
NONCE_CHARACTERS_MAX = 25
LEGACY_FIELDS = ("content", "embeds", "poll", "sticker_ids")


def check_message(
    body: Json,
    *,
    previous: Message | None,
    filenames: Collection[str],
    new_filenames: Collection[str],
    path: Path = (),
    may_be_empty: bool = False,
) -> None:
    """Raise `ApiError` for a message that Discord refuses.

    `filenames` are those of all attachments that the message will have, `new_filenames` those uploaded now, `previous`
    the message that is edited, `path` where the message is in the request (`("data",)` in an interaction's answer).
    `may_be_empty` is for a forward, whose content is the other message.
    """
    errors = FormErrors()
    text(errors, body, "content", path, 0, CONTENT_CHARACTERS_MAX)
    number(errors, body, "flags", path, 0, 2**31 - 1)
    nonce = body.get("nonce")
    if isinstance(nonce, str) and len(nonce) > NONCE_CHARACTERS_MAX:
        errors.too_long((*path, "nonce"), NONCE_CHARACTERS_MAX)
    check_embeds(errors, body, path)
    _check_allowed_mentions(errors, body, path)
    is_v2 = bool(_flags(body) & MessageFlag.COMPONENTS_V2 or (previous is not None and previous.is_v2))
    check_message_components(errors, body, path, is_v2=is_v2, filenames=filenames)
    if is_v2:
        _check_no_legacy_fields(errors, body, previous, path)
        _check_all_shown(errors, body, new_filenames, path)
    errors.raise_if_any()
    if len(filenames) > ATTACHMENTS_MAX:
        raise ApiError(400, 30015, f"Maximum number of attachments in a message reached ({ATTACHMENTS_MAX})")
    if not may_be_empty and not _has_something(body, previous, filenames):
        raise empty_message()


def _flags(body: Json) -> int:
    flags = body.get("flags")
    return flags if isinstance(flags, int) else 0


def _check_allowed_mentions(errors: FormErrors, body: Json, path: Path) -> None:
    allowed = body.get("allowed_mentions")
    if not isinstance(allowed, dict):
        return
    parse = allowed.get("parse") or []
    where = (*path, "allowed_mentions")
    for index, kind in enumerate(parse):
        if kind not in ("users", "roles", "everyone"):
            errors.choice((*where, "parse", index), "'users', 'roles', 'everyone'")
    for kind in ("users", "roles"):
        named = allowed.get(kind) or []
        if len(named) > 100:
            errors.length((*where, kind), 0, 100)
        if named and kind in parse:
            errors.add(
                where,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )


def _check_no_legacy_fields(errors: FormErrors, body: Json, previous: Message | None, path: Path) -> None:
    for key in LEGACY_FIELDS:
        kept = getattr(previous, key, None) if previous is not None and not previous.is_v2 else None
        if body.get(key, kept):
            errors.add(
                (*path, key),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_all_shown(errors: FormErrors, body: Json, new_filenames: Collection[str], path: Path) -> None:
    """Note files that no component shows. With Components V2 they would be invisible; the sandbox refuses them."""
    urls = {media.get("url") for _, c in walk(body.get("components") or []) for _, media in media_items(c)}
    for index, filename in enumerate(new_filenames):
        if f"attachment://{filename}" not in urls:
            errors.add(
                (*path, "attachments", index),
                "MESSAGE_ATTACHMENT_NOT_REFERENCED",
                f"The attachment '{filename}' must be referenced by a component",
            )


def _has_something(body: Json, previous: Message | None, filenames: Collection[str]) -> bool:
    if filenames or body.get("poll") or body.get("sticker_ids"):
        return True
    values = [body.get(key, getattr(previous, key, None)) for key in ("content", "embeds", "components")]
    return any(value.strip() if isinstance(value, str) else value for value in values)
