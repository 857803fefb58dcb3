"""What a member names in a command beside the options of its model."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.cast import CAST_OPTION
from bot.domain.problems import OptionValue
from bot.domain.styling import STYLE_OPTION


@dataclass(frozen=True, slots=True)
class Extras:
    """What was typed, as it was typed; None where nothing was."""

    style: str | None = None
    """The name of one of the server's styles."""
    cast: str | None = None
    """The names of saved pictures, with commas between them."""


NO_EXTRAS = Extras()


def split_extras(values: Mapping[str, OptionValue]) -> tuple[Mapping[str, OptionValue], Extras]:
    """Divide the options of a command into those of its model and the others."""
    own = dict(values)
    style, cast = (own.pop(name, None) for name in (STYLE_OPTION, CAST_OPTION))
    return own, Extras(style if isinstance(style, str) else None, cast if isinstance(cast, str) else None)
