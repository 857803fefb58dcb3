"""What admission answers: a job, a question about its price, or why not."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.access import AccessRefusal
from bot.domain.comparisons import Comparison
from bot.domain.forecast import Forecast
from bot.domain.jobs import Job
from bot.domain.lineage import Relative
from bot.domain.moderation import Bar, MemberBlock
from bot.domain.pricing import Estimate
from bot.domain.problems import Problem
from bot.domain.quota import QuotaStatus, Refusal


class Outage(StrEnum):
    """Why nobody can make videos at the moment."""

    KEY_REFUSED = "key_refused"
    """The provider does not accept the API key."""
    KEY_FORBIDDEN = "key_forbidden"
    """The provider does not let the API key make videos."""
    DRAINING = "draining"
    """No new requests are accepted, in this guild or anywhere."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """The job exists and its credits are held. `quota_status` counts the hold already."""

    job: Job
    quota_status: QuotaStatus
    forecast: Forecast
    repeated: bool
    """The same interaction was delivered before; this is the job from then."""
    parent: Relative | None = None
    """The job whose clip it continues."""


@dataclass(frozen=True, slots=True)
class ConfirmationNeeded:
    """The member confirms this price first; nothing was written. Admit it again with `confirmed_credits`."""

    price: Estimate
    quota_status: QuotaStatus


@dataclass(frozen=True, slots=True)
class Refused:
    """No job was written and nothing is charged. Exactly one of the five says why."""

    problems: tuple[Problem, ...] = ()
    """What is wrong with the request, option by option."""
    access: tuple[AccessRefusal, ...] = ()
    """Everything that the guild's settings do not allow."""
    refusals: tuple[Refusal, ...] = ()
    """Everything that it does not fit."""
    outage: Outage | None = None
    bar: Bar | None = None
    """Why it is not taken, whatever it costs."""
    block: MemberBlock | None = None
    """What keeps the member from asking, where that is the bar."""


@dataclass(frozen=True, slots=True)
class ComparisonAdmitted:
    """The comparison exists and the credits of all its jobs are held."""

    comparison: Comparison
    jobs: tuple[Job, ...]
    """In the order in which the models were named."""
    forecasts: tuple[Forecast, ...]
    """One for each job; empty where they were accepted before."""
    repeated: bool
    """The same interaction was delivered before; this is the comparison from then."""


@dataclass(frozen=True, slots=True)
class ComparisonQuestion:
    """The member confirms the sum first; nothing was written. Admit it again with `confirmed_credits`."""

    prices: tuple[Estimate, ...]
    """One for each request."""
    quota_status: QuotaStatus

    @property
    def credits(self) -> int:
        """Return the sum."""
        return sum(price.credits for price in self.prices)


@dataclass(frozen=True, slots=True)
class ComparisonRefused:
    """No job was written and nothing is charged."""

    refused: Refused
    credits: int
    """What does not fit: the sum, or the price of the one request that it is about."""
    about: int | None = None
    """The request that is refused, by position; None where it is all of them."""
