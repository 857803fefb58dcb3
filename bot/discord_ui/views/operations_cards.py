"""The queue in words, for moderators and owners."""

from bot.discord_ui.language.speaking import mark, number, say
from bot.domain.jobs import JobState
from bot.domain.switches import Switch
from bot.services.operations import QueueState

SWITCHED = {
    "show": {},
    "pause": {Switch.PAUSED: True},
    "drain": {Switch.DRAINING: True},
    "resume": {Switch.PAUSED: False, Switch.DRAINING: False},
}
"""What each word of a command does to the switches."""

_SHOWN = {
    JobState.AWAITING: mark("waiting for approval"),
    JobState.QUEUED: mark("queued"),
    JobState.SUBMITTING: mark("being sent"),
    JobState.RUNNING: mark("rendering"),
    JobState.UNKNOWN: mark("being looked up"),
    JobState.UNRESOLVED: mark("waiting for the owner's decision"),
}


def queue_text(state: QueueState) -> str:
    """Say what holds the queue up, and how many jobs are in which state."""
    return "\n".join([*switch_lines(state), counts_words(state)])


def switch_lines(state: QueueState) -> list[str]:
    """Return a line for each switch that is on."""
    lines = []
    if state.paused:
        lines.append(say("⏸️ Paused: nothing is sent to the provider."))
    if state.draining:
        lines.append(say("🚱 Draining: new requests are refused."))
    return lines


def counts_words(state: QueueState) -> str:
    """Say in one line how many jobs are in which state."""
    counts = [
        f"**{number(count)}** {say(words)}"
        for which, words in _SHOWN.items()
        if (count := state.by_state.get(which, 0))
    ]
    return " · ".join(counts) or say("Nothing is waiting or running.")
