"""What members read about their reports, and about being kept from asking for videos."""

from bot.discord_ui.language.speaking import mark, say
from bot.discord_ui.views.escaping import excerpt
from bot.domain.jobs import Job
from bot.domain.moderation import Bar, BlockKind, Incident, IncidentDecision, MemberBlock
from bot.services.reports import Reported, ReportOutcome

NOT_A_RESULT = mark("That message is not a video of mine, so I cannot report it.")
OWN_RESULT = mark("This is your own video: **Delete** removes it.")
_ENDED = {
    IncidentDecision.DELETED: mark("Moderators deleted it for good."),
    IncidentDecision.BLOCKED: mark("Moderators acted on it."),
    IncidentDecision.DISMISSED: mark("Moderators looked at it and left it as it is."),
    IncidentDecision.LIFTED: mark("Moderators looked at it."),
}
_BARS = {
    Bar.WORDS: mark("This request is against the rules of this server. Please ask for something else."),
    Bar.AGE_RESTRICTED: mark("This model can be used in age-restricted channels only, and this channel is none."),
}


def reported(outcome: ReportOutcome) -> str:
    """Return what became of a report."""
    match outcome.reported:
        case Reported.SENT:
            return say("Thank you. Moderators read your report, without your name. I will tell you how it ends.")
        case Reported.KEPT:
            return say(
                "Thank you. This server has no channel in which I could tell moderators: your report is kept for them, "
                "and I tell the server's owner that it waits. It may be quicker to tell them yourself."
            )
        case Reported.REPEATED:
            return say(
                "You have reported this video already. Moderators have not decided yet; I will tell you when they do."
            )
        case Reported.ENDED:
            return say("This video was reported before. {decision}", decision=_decided(outcome.decision))
        case Reported.GONE:
            return say("This video was deleted already. There is nothing left to report.")


def answer_to_reporter(incident: Incident, job: Job | None) -> str:
    """Return the direct message that tells a reporter how the matter ended."""
    channel, decision = f"<#{incident.channel_id}>", _decided(incident.decision)
    if job is None:
        return say("You reported a video in {channel}. {decision}", channel=channel, decision=decision)
    return say(
        "You reported a video made with **{model}** in {channel}. {decision}",
        model=excerpt(job.model_name, 80),
        channel=channel,
        decision=decision,
    )


def reports_wait(guild_name: str) -> str:
    """Return the direct message to a server's owner whose moderators can be told nowhere."""
    return say(
        "In **{server}** something waits for a moderator: a video was reported, or a member was paused. There is no "
        "log channel in which I could ask, so only `/settings`, **Members and reports**, shows it. A moderator can "
        "choose a log channel there.",
        server=excerpt(guild_name, 100),
    )


def barred(bar: Bar, block: MemberBlock | None) -> str:
    """Return why a request is not taken, whatever it costs."""
    return blocked(block) if block is not None else say(_BARS[bar])


def blocked(block: MemberBlock) -> str:
    """Tell a member that they may not ask for videos, until when, and why."""
    until = None if block.ends_at is None else f"<t:{round(block.ends_at)}:f>"
    if block.kind is BlockKind.PAUSE:
        paused = (
            say("You cannot ask for videos here: the provider refused several of your requests for their content.")
            if until is None
            else say(
                "You cannot ask for videos here until {moment}: "
                "the provider refused several of your requests for their content.",
                moment=until,
            )
        )
        can_end = say("Moderators were asked, and can end this earlier.")
        return f"{paused} {can_end}"
    words = (
        say("A moderator has blocked you from asking for videos here.")
        if until is None
        else say("A moderator has blocked you from asking for videos here until {moment}.", moment=until)
    )
    return f"{words}\n> {excerpt(block.reason, 300)}" if block.reason else words


def _decided(decision: IncidentDecision | None) -> str:
    return say(_ENDED[decision]) if decision is not None else say("Moderators have not decided yet.")
