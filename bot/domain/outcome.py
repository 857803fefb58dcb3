"""Decide how a job ended, from what the provider reported of its renders."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.jobs import JobState
from bot.domain.renders import RenderReport, RenderState


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a job."""

    state: JobState
    charged: int
    """Credits that the provider really took."""
    reason: str | None
    """Why a video is missing, for the member. None where none is."""


NO_REASON = "the provider gave no reason"
"""The reason of a failed render where the provider named none."""


def outcome_of(renders: Sequence[RenderReport], held: int) -> Outcome:
    """Return the outcome of a job whose renders have all ended.

    `held` is the job's hold in credits. It stands in for a charge that the provider did not tell. A failed render costs
    nothing if the provider says that it was refunded, and its charge if the provider says that it was not. If the
    provider says neither, only a charge that it names counts.
    """
    share, rest = divmod(held, len(renders))
    charged, kept, reasons = 0, 0, []
    delivered = False
    for position, render in enumerate(renders):
        expected = share + (rest if position == 0 else 0)
        if render.state is RenderState.COMPLETED and render.result_urls:
            delivered = True
            charged += expected if render.credits_charged is None else render.credits_charged
            continue
        cost = _cost_of_failed(render, expected)
        charged += cost
        kept += cost
        reasons.append(_reason(render))
    reason = "; ".join(dict.fromkeys(reasons)) or None
    if delivered and kept:
        reason = f"{reason} (the provider kept {kept:,} {'credit' if kept == 1 else 'credits'} for it)"
    return Outcome(JobState.SUCCEEDED if delivered else JobState.FAILED, charged, reason)


def _cost_of_failed(render: RenderReport, expected: int) -> int:
    if render.credits_refunded:
        return 0
    if render.credits_charged is not None:
        return render.credits_charged
    return expected if render.credits_refunded is False else 0


def _reason(render: RenderReport) -> str:
    if render.state is RenderState.COMPLETED:
        return "the provider finished without a video"
    return render.error_message or NO_REASON
