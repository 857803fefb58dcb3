"""What was spent in a span of days, and its largest parts: by model and by member."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Spent:
    """Credits spent on one day (its key) by one member with one model."""

    day: str
    model_slug: str
    member_id: int
    spent: int


@dataclass(frozen=True, slots=True)
class Spending:
    """Days (keys) from first to last without a gap, and what was spent on them."""

    days: tuple[str, ...]
    spent: tuple[Spent, ...]

    @property
    def total(self) -> int:
        """Return the credits spent in all."""
        return sum(item.spent for item in self.spent)

    def by_model(self, most: int) -> list[tuple[str | None, int]]:
        """Return the `most` models on which most was spent, and under None what all others add up to."""
        return _largest(((item.model_slug, item.spent) for item in self.spent), most)

    def by_member(self, most: int) -> list[tuple[int | None, int]]:
        """Return the `most` members who spent most, and under None what all others add up to."""
        return _largest(((item.member_id, item.spent) for item in self.spent), most)

    def by_day(self) -> dict[str, int]:
        """Return the credits of each day on which anything was spent, the earliest first."""
        sums: Counter[str] = Counter()
        for item in self.spent:
            sums[item.day] += item.spent
        return dict(sorted(sums.items()))

    def since_the_first(self, days_min: int) -> "Spending":
        """Return the same without the days before anything was spent, as far as `days_min` days remain."""
        first = min((item.day for item in self.spent), default=self.days[-1])
        later = sum(day >= first for day in self.days)
        return replace(self, days=self.days[-max(later, days_min) :])


def _largest(amounts: Iterable[tuple[K, int]], most: int) -> list[tuple[K | None, int]]:
    sums: Counter[K] = Counter()
    for key, amount in amounts:
        sums[key] += amount
    ordered: list[tuple[K | None, int]] = list(sums.most_common())
    rest = sum(amount for _, amount in ordered[most:])
    return ordered[:most] + ([(None, rest)] if rest else [])
