"""The states of a job in a member's words."""

from bot.domain.jobs import JobState

STATE_WORDS = {
    JobState.AWAITING: "⏸️ waiting for approval",
    JobState.QUEUED: "⏳ queued",
    JobState.SUBMITTING: "🎬 starting",
    JobState.UNKNOWN: "🔎 being looked up",
    JobState.UNRESOLVED: "🔎 with the bot's owner",
    JobState.RUNNING: "🎬 rendering",
    JobState.SUCCEEDED: "✅ done",
    JobState.FAILED: "❌ failed",
    JobState.CANCELLED: "🚫 cancelled",
}
"""Where a job stands, for a list."""

EVENT_WORDS = {
    JobState.AWAITING: "waiting for a moderator's approval",
    JobState.QUEUED: "in the queue",
    JobState.SUBMITTING: "sent to the provider",
    JobState.UNKNOWN: "the provider's answer was lost; it is looked up, so that it is not paid twice",
    JobState.UNRESOLVED: "unclear at the provider; the bot's owner decides",
    JobState.RUNNING: "rendering",
    JobState.SUCCEEDED: "done",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
}
"""What happened to a job when it came into a state, for its story."""
