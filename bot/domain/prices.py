"""What a model costs, as the provider states it. Credits are whole; rates may be fractions of a credit."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """One stated price and the choices that it holds for; a choice that is None does not matter to it.

    `credits` are for the whole render, or for each second of it where `per_second` is set.
    """

    credits: Decimal
    per_second: bool = False
    quality: str | None = None
    duration: int | None = None
    sound: bool | None = None

    @property
    def conditions(self) -> int:
        """Return how many choices the rate names."""
        return sum(choice is not None for choice in (self.quality, self.duration, self.sound))


@dataclass(frozen=True, slots=True)
class Price:
    """All stated rates of one model.

    `sound_factor` multiplies a rate that says nothing about sound: 2 for Kling 2.6 by the provider's documentation.
    `share_discount` is taken off when the member shares the result in the provider's directory. `understood` is False
    where a part of what was stated could not be read, so that there may be more to pay.
    """

    rates: tuple[Rate, ...] = ()
    sound_factor: Decimal = Decimal(1)
    share_discount: int = 0
    understood: bool = True
