"""A made-up language: every English sentence with accents on its letters and 40 % longer.

Whatever is shown without accents while it is spoken did not come from the catalogue.
"""

import re
from collections.abc import Iterator
from typing import Any

from babel import Locale
from babel.messages import Catalog

from bot.discord_ui.language.catalogues import FOLDER, TEMPLATE, language_from, read_catalogue
from bot.discord_ui.language.speaking import LENGTHS, Language
from sandbox.discord.walk import walk

LOCALE = "el"
"""The locale that the language stands for. Numbers are written `1.000` there, and lists in other letters."""
_ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀćđéƒğĥíĵķļɱñóƥɋŕšţúṽŵẋýžÁƁĆĐÉƑĞĤÍĴĶĻṀÑÓƤɊŔŠŢÚṼŴẊÝŽ"
)
_KEPT = re.compile(r"(\{\w+\}|`[^`]*`)")
_LENGTHS = {str(place): most for place, most in LENGTHS.items()}
_NOT_WORDS = re.compile(r"`[^`]*`|<[^>]*>|https?://\S+|@\w+")
"""Code, mentions, moments and addresses: they are the same in every language."""
_ENGLISH = re.compile(r"[A-Za-z]{2,}")


def pseudo_catalogue() -> Catalog:
    """Translate the whole template."""
    catalogue = Catalog(locale=Locale.parse(LOCALE))
    for message in read_catalogue(FOLDER / TEMPLATE):
        if isinstance(message.id, (list, tuple)):
            forms = tuple(accented(form, message.context) for form in message.id)
            catalogue.add(message.id, forms, context=message.context)
        elif message.id:
            catalogue.add(message.id, accented(message.id, message.context), context=message.context)
    return catalogue


def pseudo_language() -> Language:
    """Return the language."""
    return language_from(pseudo_catalogue())


def accented(text: str, context: str | None = None) -> str:
    """Return a text with accents, 40 % longer as far as its place has room."""
    changed = "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in _KEPT.split(text))
    more = " " + "ö" * (len(text) * 2 // 5)
    room = len(more) if context is None else _LENGTHS[context] - len(changed)
    more = more[: max(0, room)].rstrip()
    first, end, rest = changed.partition("\n")
    return f"{first}{more}{end}{rest}"


def english_in(text: str, known: tuple[str, ...] = ()) -> list[str]:
    """Return the English words in what somebody reads, without the names in `known`."""
    for name in known:
        text = text.replace(name, "")
    return _ENGLISH.findall(_NOT_WORDS.sub("", text))


def shown_texts(components: list[Any]) -> Iterator[str]:
    """Yield everything that is written on components: texts, labels, placeholders, options, alternative texts."""
    for _, component in walk(components):
        for key in ("content", "label", "placeholder", "description"):
            yield str(component.get(key) or "")
        for option in component.get("options") or ():
            yield from (str(option.get("label") or ""), str(option.get("description") or ""))
        for item in component.get("items") or ():
            yield str(item.get("description") or "")
