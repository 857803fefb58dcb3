"""What a generation costs, in whole credits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DIRECTORY_OPTIN_DISCOUNT = 10
"""Credits; the only figure that the provider's pages name."""


@dataclass(frozen=True)
class Price:
    """One of three forms: a flat `base`, a rate `per_second` by quality, or a table `by_duration` and quality.

    Quality `""` stands for a model without quality modes. Sound either has its own rates or multiplies the price.
    """

    base: int = 0
    per_second: Mapping[str, int] = field(default_factory=dict)
    per_second_with_sound: Mapping[str, int] = field(default_factory=dict)
    by_duration: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    sound_multiplier: int = 1
    optin_discount: int = 0

    def credits(self, *, seconds: int, quality: str | None, sound: bool, optin: bool) -> int:
        """Return the charge for one render."""
        key = quality or ""
        if self.per_second:
            rates = self.per_second_with_sound if sound and self.per_second_with_sound else self.per_second
            price = rates[key] * seconds
        elif self.by_duration:
            price = self.by_duration[seconds][key]
        else:
            price = self.base
        if sound:
            price *= self.sound_multiplier
        return max(0, price - (self.optin_discount if optin else 0))

    def to_json(self) -> dict[str, Any]:
        """Return the `credits` object of `models/video`. Only `base` is documented; the other fields are invented."""
        out: dict[str, Any] = {}
        if self.per_second:
            out["per_second"] = _by_quality(self.per_second)
            if self.per_second_with_sound:
                out["per_second_with_sound"] = _by_quality(self.per_second_with_sound)
        elif self.by_duration:
            out["base"] = min(price for row in self.by_duration.values() for price in row.values())
            out["by_duration"] = {str(seconds): _by_quality(row) for seconds, row in self.by_duration.items()}
        else:
            out["base"] = self.base
        if self.sound_multiplier != 1:
            out["sound_multiplier"] = self.sound_multiplier
        if self.optin_discount:
            out["directory_optin_discount"] = self.optin_discount
        return out


def _by_quality(rates: Mapping[str, int]) -> int | dict[str, int]:
    return rates[""] if set(rates) == {""} else dict(rates)
