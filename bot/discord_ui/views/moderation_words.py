"""What moderators read after they decided about an incident or a member."""

from bot.discord_ui.interactions.incident_action import IncidentAction
from bot.discord_ui.language.speaking import mark, say, say_many
from bot.domain.moderation import IncidentDecision, MemberBlock
from bot.services.moderation import Blocked

DECIDED = {
    IncidentDecision.DELETED: mark("Deleted for good: nobody can have it posted again."),
    IncidentDecision.LIFTED: mark("The member may ask for videos again."),
    IncidentDecision.DISMISSED: mark("Dismissed. Nothing was done."),
}


def moderators_only(action: IncidentAction) -> str:
    """Return which permission a decision needs."""
    if action is IncidentAction.BLOCK:
        return say("You need the permission **Manage Server** or **Timeout Members** to do that.")
    return say("You need the permission **Manage Server** here, or **Manage Messages** in that video's channel.")


def blocked_note(done: Blocked) -> str:
    """Return what a block did."""
    member = f"<@{done.block.member_id}>"
    if done.block.ends_at is None:
        words = say("{member} may not ask for videos until somebody lifts it.", member=member)
    else:
        moment = f"<t:{round(done.block.ends_at)}:f>"
        words = say("{member} may not ask for videos until {moment}.", member=member, moment=moment)
    if not done.cancelled:
        return words
    cancelled = say_many(
        "I cancelled {count} waiting request and gave the credits back.",
        "I cancelled {count} waiting requests and gave the credits back.",
        done.cancelled,
    )
    return f"{words} {cancelled}"


def until(block: MemberBlock) -> str:
    """Return how long a block lasts."""
    return (
        say("until somebody lifts it")
        if block.ends_at is None
        else say("until {moment}", moment=f"<t:{round(block.ends_at)}:f>")
    )
