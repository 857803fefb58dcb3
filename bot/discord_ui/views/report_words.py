"""What members read about their reports, and about being kept from asking for videos."""

from bot.discord_ui.views.escaping import excerpt
from bot.domain.jobs import Job
from bot.domain.moderation import Bar, BlockKind, Incident, IncidentDecision, MemberBlock
from bot.services.reports import Reported, ReportOutcome

NOT_A_RESULT = "That message is not a video of mine, so I cannot report it."
OWN_RESULT = "This is your own video: **Delete** removes it."
_ENDED = {
    IncidentDecision.DELETED: "Moderators deleted it for good.",
    IncidentDecision.BLOCKED: "Moderators acted on it.",
    IncidentDecision.DISMISSED: "Moderators looked at it and left it as it is.",
    IncidentDecision.LIFTED: "Moderators looked at it.",
}
_BARS = {
    Bar.WORDS: "This request is against the rules of this server. Please ask for something else.",
    Bar.AGE_RESTRICTED: "This model can be used in age-restricted channels only, and this channel is none.",
}


def reported(outcome: ReportOutcome) -> str:
    """Return what became of a report."""
    match outcome.reported:
        case Reported.SENT:
            return "Thank you. Moderators read your report, without your name. I will tell you how it ends."
        case Reported.KEPT:
            return (
                "Thank you. This server has no channel in which I could tell moderators: your report is kept for them, "
                "and I tell the server's owner that it waits. It may be quicker to tell them yourself."
            )
        case Reported.REPEATED:
            return (
                "You have reported this video already. Moderators have not decided yet; I will tell you when they do."
            )
        case Reported.ENDED:
            return f"This video was reported before. {_decided(outcome.decision)}"
        case Reported.GONE:
            return "This video was deleted already. There is nothing left to report."


def answer_to_reporter(incident: Incident, job: Job | None) -> str:
    """Return the direct message that tells a reporter how the matter ended."""
    model = "" if job is None else f" made with **{excerpt(job.model_name, 80)}**"
    return f"You reported a video{model} in <#{incident.channel_id}>. {_decided(incident.decision)}"


def reports_wait(guild_name: str) -> str:
    """Return the direct message to a server's owner whose moderators can be told nowhere."""
    return (
        f"In **{excerpt(guild_name, 100)}** something waits for a moderator: a video was reported, or a member was "
        "paused. There is no log channel in which I could ask, so only `/settings`, **Members and reports**, shows it. "
        "A moderator can choose a log channel there."
    )


def barred(bar: Bar, block: MemberBlock | None) -> str:
    """Return why a request is not taken, whatever it costs."""
    return blocked(block) if block is not None else _BARS[bar]


def blocked(block: MemberBlock) -> str:
    """Tell a member that they may not ask for videos, until when, and why."""
    until = "" if block.ends_at is None else f" until <t:{round(block.ends_at)}:f>"
    if block.kind is BlockKind.PAUSE:
        return (
            f"You cannot ask for videos here{until}: the provider refused several of your requests for their content. "
            "Moderators were asked, and can end this earlier."
        )
    reason = f": {excerpt(block.reason, 300)}" if block.reason else ""
    ending = "" if reason.endswith((".", "!", "?", "…")) else "."
    return f"A moderator has blocked you from asking for videos here{until}{reason}{ending}"


def _decided(decision: IncidentDecision | None) -> str:
    return _ENDED[decision] if decision is not None else "Moderators have not decided yet."
