"""How long a render takes: a distribution learned from those that have ended, and the honest range that members read.

Durations are taken as lognormal. Until renders of a model have been seen, a prior stands in: the provider's
documentation says 30 s to 3 minutes. The first real render says more than the prior about where a model lies, and
little about its spread, so the prior weighs differently for the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

PRIOR_MEDIAN_SECONDS = 73.0
PRIOR_SIGMA = 0.55
"""With the median above, 90 % of all renders take 30 s to 3 minutes."""
PRIOR_RENDERS = 0.1
"""The number of seen renders that the prior's median weighs as much as."""
PRIOR_SPREAD_RENDERS = 1.0
"""The number of seen renders that the prior's spread weighs as much as."""
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


FIRST_LOOKS = Durations(50.0, 0.8)
"""What a model of which nothing was seen is looked at by: 90 % of its renders would take 13 s to 3 minutes.

A model that is much faster than the documentation says is seen within seconds, for one or two reads more for the
others. Members read the prior.
"""


def learned(seconds: Sequence[float]) -> Durations:
    """Return the distribution after renders that took `seconds` each; the prior if there were none."""
    logs = [log(max(each, 0.1)) for each in seconds]
    prior = log(PRIOR_MEDIAN_SECONDS)
    weight = PRIOR_RENDERS + len(logs)
    mean = (PRIOR_RENDERS * prior + sum(logs)) / weight
    if not logs:
        return Durations()
    seen = sum(logs) / len(logs)
    spread = sum((each - seen) ** 2 for each in logs) / len(logs)
    # It fades with the square of what was seen: it says little about a fast, regular model.
    doubt = (PRIOR_SPREAD_RENDERS * PRIOR_SIGMA / (PRIOR_SPREAD_RENDERS + len(logs))) ** 2
    shift = (seen - mean) ** 2
    return Durations(exp(mean), max(SIGMA_MIN, sqrt(spread + doubt + shift)))
