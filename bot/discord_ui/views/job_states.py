"""The states of a job in a member's words."""

from bot.discord_ui.language.speaking import mark
from bot.domain.jobs import JobState

STATE_WORDS = {
    JobState.AWAITING: mark("⏸️ waiting for approval"),
    JobState.QUEUED: mark("⏳ queued"),
    JobState.SUBMITTING: mark("🎬 starting"),
    JobState.UNKNOWN: mark("🔎 being looked up"),
    JobState.UNRESOLVED: mark("🔎 with the bot's owner"),
    JobState.RUNNING: mark("🎬 rendering"),
    JobState.SUCCEEDED: mark("✅ done"),
    JobState.FAILED: mark("❌ failed"),
    JobState.CANCELLED: mark("🚫 cancelled"),
}
"""Where a job stands, for a list."""

EVENT_WORDS = {
    JobState.AWAITING: mark("waiting for a moderator's approval"),
    JobState.QUEUED: mark("in the queue"),
    JobState.SUBMITTING: mark("sent to the provider"),
    JobState.UNKNOWN: mark("the provider's answer was lost; it is looked up, so that it is not paid twice"),
    JobState.UNRESOLVED: mark("unclear at the provider; the bot's owner decides"),
    JobState.RUNNING: mark("rendering"),
    JobState.SUCCEEDED: mark("done"),
    JobState.FAILED: mark("failed"),
    JobState.CANCELLED: mark("cancelled"),
}
"""What happened to a job when it came into a state, for its story."""
