"""The catalogues: the template of all English sentences, and the languages that are offered.

A catalogue is a gettext file, `locales/de.po`. It needs no step that compiles it, so a checkout, a package and an image
are the same; what a start has compiled serves the next ones (`compiled`). A language is offered only as a whole: one
missing or broken entry, and its readers see English.
"""

import io
import logging
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bot.discord_ui.language import compiled
from bot.discord_ui.language.checking import faults
from bot.discord_ui.language.speaking import ENGLISH, Language

FOLDER = Path(__file__).parent.parent / "locales"
TEMPLATE = "reelmaker.pot"
ENGLISH_LOCALE = "en"

log = logging.getLogger(__name__)


def read_catalogue(path: Path) -> Catalog:
    """Read a template, or a catalogue, whose file is named after its locale.

    Raises PoFileError, ValueError or UnknownLocaleError if the file is broken, or is not of this locale.
    """
    locale = None if path.suffix == ".pot" else Locale.parse(path.stem, sep="-")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale, abort_invalid=True)
    if catalogue.locale != locale:
        raise ValueError(f"its header names the language {catalogue.locale}")
    return catalogue


def language_from(catalogue: Catalog) -> Language:
    """Return the language of a catalogue that has a locale."""
    if catalogue.locale is None:
        raise ValueError("the catalogue names no locale")
    return _language(catalogue.locale, _mo(catalogue))


def complete_languages(folder: Path) -> Mapping[str, Language]:
    """Return the languages in a folder that are complete, by the name of their file: "de", "pt-BR"."""
    template: Catalog | None = None
    found = {}
    for path in sorted(folder.glob("*.po")):
        made_from = compiled.fingerprint(path, folder / TEMPLATE)
        kept = compiled.load(path, made_from)
        if kept is not None:
            found[path.stem] = _language(Locale.parse(path.stem, sep="-"), kept)
            continue
        template = template or read_catalogue(folder / TEMPLATE)
        try:
            catalogue = read_catalogue(path)
            wrong = faults(catalogue, template)
        except (PoFileError, ValueError, UnknownLocaleError) as error:
            wrong, catalogue = [str(error)], None
        if wrong or catalogue is None:
            log.warning("%s is not offered, %d faults: %s", path.name, len(wrong), wrong[0], extra={"action": "read"})
        else:
            mo = _mo(catalogue)
            found[path.stem] = _language(Locale.parse(path.stem, sep="-"), mo)
            compiled.keep(path, made_from, mo)
    return found


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages that are offered beside English. The first call reads the files."""
    return complete_languages(FOLDER)


def offered_language(locale: str) -> Language | None:
    """Return the language that is offered under exactly this name; None where there is none, or it is not complete."""
    return ENGLISH if locale == ENGLISH_LOCALE else languages().get(locale)


def own_names() -> Mapping[str, str]:
    """Return what each offered language calls itself, by its locale, English first: "Deutsch", "Français"."""
    return {one: _own_name(Locale.parse(one, sep="-")) for one in (ENGLISH_LOCALE, *languages())}


def _own_name(locale: Locale) -> str:
    name = locale.get_display_name() or str(locale)
    return f"{name[:1].upper()}{name[1:]}"


def language_of(locale: str) -> Language:
    """Return the language for a locale of Discord's: its own, that of its language ("es" for "es-419"), or English."""
    offered = languages()
    return offered.get(locale) or offered.get(locale.split("-", 1)[0]) or ENGLISH


def _mo(catalogue: Catalog) -> bytes:
    content = io.BytesIO()
    write_mo(content, catalogue)
    return content.getvalue()


def _language(locale: Locale, mo: bytes) -> Language:
    return Language(locale, GNUTranslations(io.BytesIO(mo)))
