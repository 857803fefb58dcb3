"""How long a render takes: a distribution learned from those that have ended, and the honest range that members read.

Durations are taken as lognormal. Until renders of a model have been seen, a prior stands in: the provider's
documentation says 30 s to 3 minutes. The prior counts as PRIOR_RENDERS renders: the first real ones outweigh it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

PRIOR_MEDIAN_SECONDS = 73.0
PRIOR_SIGMA = 0.55
"""With the median above, 90 % of all renders take 30 s to 3 minutes."""
PRIOR_RENDERS = 0.5
"""The number of seen renders that the prior weighs as much as."""
SIGMA_MIN = 0.05
"""A spread that even a very regular model is given, so that one odd render is no surprise."""

SECONDS_MIN = 1e-3
"""No render takes less. Below, the logarithms would run off."""

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Durations:
    """A lognormal distribution of seconds: `median`, and `sigma` of the logarithms."""

    median: float = PRIOR_MEDIAN_SECONDS
    sigma: float = PRIOR_SIGMA

    @property
    def mean(self) -> float:
        """The expected seconds of a render."""
        return self.median * exp(self.sigma**2 / 2)

    def ended_by(self, seconds: float) -> float:
        """Return the probability that a render has ended by then."""
        if seconds < SECONDS_MIN:
            return 0.0
        return _NORMAL.cdf(log(seconds / self.median) / self.sigma)

    def unseen_waiting(self, age: float, later: float) -> float:
        """Return the expected seconds for which a render will have ended unseen.

        It has not ended at `age`, and is looked at again at `later` (both in seconds since it began).
        """
        ended = self.ended_by(age)
        if ended > 1 - 1e-9:
            return later - age
        area = self._area(later) - self._area(age)
        return max(0.0, (area - ended * (later - age)) / (1 - ended))

    def quantile(self, share: float) -> float:
        """Return the seconds within which this share of all renders ends."""
        return self.median * exp(self.sigma * _NORMAL.inv_cdf(share))

    def _area(self, seconds: float) -> float:
        """Return the integral of `ended_by` from 0 to `seconds`."""
        if seconds < SECONDS_MIN:
            return 0.0
        z = log(seconds / self.median) / self.sigma
        return seconds * _NORMAL.cdf(z) - self.mean * _NORMAL.cdf(z - self.sigma)


def learned(seconds: Sequence[float]) -> Durations:
    """Return the distribution after renders that took `seconds` each; the prior if there were none."""
    logs = [log(max(each, 0.1)) for each in seconds]
    prior = log(PRIOR_MEDIAN_SECONDS)
    weight = PRIOR_RENDERS + len(logs)
    mean = (PRIOR_RENDERS * prior + sum(logs)) / weight
    if not logs:
        return Durations()
    seen = sum(logs) / len(logs)
    # The prior's own spread fades with the square of what was seen: its place says little about a fast, regular model.
    spread = sum((each - seen) ** 2 for each in logs) / len(logs)
    doubt = (PRIOR_RENDERS * PRIOR_SIGMA / weight) ** 2
    shift = (seen - mean) ** 2
    return Durations(exp(mean), max(SIGMA_MIN, sqrt(spread + doubt + shift)))
