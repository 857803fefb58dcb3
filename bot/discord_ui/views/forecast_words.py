"""What to expect of a job, in words: why it waits, when it starts, when it is ready. Each phrase stands by itself."""

from bot.discord_ui.language.speaking import mark, say, say_many
from bot.discord_ui.views.model_words import usual_time
from bot.discord_ui.views.words import relative
from bot.domain.forecast import Forecast, HeldUp
from bot.domain.jobs import CANCELLABLE, JobState

HELD_UP = {
    HeldUp.PAUSED: mark("the queue is paused at the moment, and your request keeps its place"),
    HeldUp.NO_CREDITS: mark(
        "the provider account is empty at the moment; it goes on by itself once there are credits again"
    ),
    HeldUp.REFUSED: mark("the provider refuses this bot at the moment; its owner was told"),
}
"""Why a request waits although it may be its turn, for its member."""


def may_cancel(state: JobState, forecast: Forecast) -> bool:
    """Tell whether Cancel is offered: not for a job that is about to be sent, because it would come too late."""
    return state in CANCELLABLE and not forecast.is_starting


def shown_state(state: JobState, forecast: Forecast) -> JobState:
    """Return the state that people read: a queued job that is about to be sent is starting, wherever it is shown."""
    return JobState.SUBMITTING if state is JobState.QUEUED and forecast.is_starting else state


def approval_words(forecast: Forecast) -> list[str]:
    """Return phrases on a job that waits for a moderator."""
    if forecast.decided_by is None:
        return []
    return [say("without a decision it ends {moment}", moment=relative(forecast.decided_by))]


def waiting_words(forecast: Forecast) -> list[str]:
    """Return phrases on a queued job: what holds it up, its place, when it starts and when it is ready."""
    words = []
    if forecast.held_up is not None:
        words.append(say(HELD_UP[forecast.held_up]))
    if forecast.ahead_of_own:
        words.append(
            say_many(
                "after {count} earlier request of yours",
                "after {count} earlier requests of yours",
                forecast.ahead_of_own,
            )
        )
    elif forecast.place is not None:
        words.append(say("next in line") if forecast.place == 1 else say("place {place}", place=forecast.place))
    if forecast.starts_at is not None:
        words.append(say("starts {moment}", moment=relative(forecast.starts_at)))
    return [*words, *ready_words(forecast)] or [say("so many come before that nobody can say when")]


def ready_words(forecast: Forecast) -> list[str]:
    """Return phrases on when a job is ready and how long such a render usually takes."""
    if forecast.durations is None:
        return []
    usual = usual_time(forecast.durations)
    if forecast.is_overdue:
        return [say("it takes longer than usual ({time})", time=usual)]
    if forecast.ready_at is None:
        return []
    # Nine of ten are ready by then, most of them before.
    return [say("ready {moment} or sooner", moment=relative(forecast.ready_at)), say("usually {time}", time=usual)]
