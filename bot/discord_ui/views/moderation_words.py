"""What moderators read after they decided about an incident or a member."""

from bot.discord_ui.interactions.incident_action import IncidentAction
from bot.discord_ui.views.words import counted
from bot.domain.moderation import IncidentDecision, MemberBlock
from bot.services.moderation import Blocked

DECIDED = {
    IncidentDecision.DELETED: "Deleted for good: nobody can have it posted again.",
    IncidentDecision.LIFTED: "The member may ask for videos again.",
    IncidentDecision.DISMISSED: "Dismissed. Nothing was done.",
}


def moderators_only(action: IncidentAction) -> str:
    """Return which permission a decision needs."""
    if action is IncidentAction.BLOCK:
        return "You need the permission **Manage Server** or **Timeout Members** to do that."
    return "You need the permission **Manage Server** here, or **Manage Messages** in that video's channel."


def blocked_note(done: Blocked) -> str:
    """Return what a block did."""
    cancelled = ""
    if done.cancelled:
        jobs = counted(done.cancelled, "waiting request")
        cancelled = f" I cancelled {jobs} and gave the credits back."
    return f"<@{done.block.member_id}> may not ask for videos {until(done.block)}.{cancelled}"


def until(block: MemberBlock) -> str:
    """Return how long a block lasts."""
    return "until somebody lifts it" if block.ends_at is None else f"until <t:{round(block.ends_at)}:f>"
