"""Limits and refusals in words, for members and moderators. Moments are written so that Discord shows them live."""

from collections.abc import Collection, Iterable

from bot.discord_ui.views.words import counted, noun_for, person
from bot.domain import confirmation
from bot.domain.periods import Period
from bot.domain.quota import Allowance, Limit, Refusal, RefusalReason, Scope
from bot.services.admission import Outage

_PER = {Period.DAY: "a day", Period.WEEK: "a week", Period.MONTH: "a month"}
_THIS = {Period.DAY: "today", Period.WEEK: "this week", Period.MONTH: "this month"}
_WHOSE = {
    Scope.ACCOUNT: "the bot's own budget",
    Scope.CEILING: "this server's budget",
    Scope.GUILD: "this server's limit",
    Scope.ROLE: "your role's limit",
    Scope.MEMBER: "your own limit",
    Scope.DEFAULT: "everyone's limit",
}


def amount_words(amount: int | None) -> str:
    """Return for example `unlimited`, `1 credit` or `1,200 credits`."""
    if amount is None:
        return "unlimited"
    return counted(amount, "credit")


def difference_words(amount: int) -> str:
    """Return for example `+1 credit` or `-30 credits`."""
    return f"{amount:+,} {noun_for(amount, 'credit')}"


def limit_words(limit: Limit) -> str:
    """Return for example `1,200 credits a month` or `unlimited credits a day`."""
    amount = "unlimited credits" if limit.amount is None else amount_words(limit.amount)
    return f"{amount} {per_words(limit.period)}"


def per_words(period: Period) -> str:
    """Return for example `a day`."""
    return _PER[period]


def jobs_words(most: int | None) -> str:
    """Return for example `any number` or `3`."""
    return "any number" if most is None else f"{most:,}"


def at_most_words(most: int | None) -> str:
    """Return for example `any number` or `at most 3`."""
    if most is None:
        return "any number"
    return f"at most {most:,}" if most else "none"


def threshold_words(amount: int | None) -> str:
    """Return for example `off` or `1,200 credits`."""
    return "off" if amount is None else amount_words(amount)


def confirm_words(threshold: int | None) -> str:
    """Return what members confirm first, for example `prices above 50 credits`."""
    match threshold:
        case confirmation.DEFAULT:
            return "prices above half of what they have left"
        case confirmation.ALWAYS:
            return "every price"
        case confirmation.NEVER:
            return "nothing"
    return f"prices above {amount_words(threshold)}"


def subject_words(limit: Limit, known_roles: Collection[int]) -> str:
    """Return whom a limit is for. A role that was deleted is named by its id."""
    match limit.scope:
        case Scope.ROLE:
            return f"<@&{limit.subject_id}>" if limit.subject_id in known_roles else f"deleted role {limit.subject_id}"
        case Scope.MEMBER:
            return person(limit.subject_id)
        case Scope.DEFAULT:
            return "everyone"
        case Scope.GUILD:
            return "the server"
        case Scope.CEILING:
            return "the owner's ceiling"
        case Scope.ACCOUNT:
            return "all servers together"


def allowance_words(allowance: Allowance) -> str:
    """Return what is left of one limit and when it renews, for the member whom it applies to.

    What is spent, held and left add up to the limit.
    """
    name, limit = _name(allowance), allowance.limit.amount
    if limit is None:
        return f"**unlimited** · {name}"
    if limit == 0:
        return f"**nothing** · {name} is 0"
    used = [f"{allowance.spent:,} spent"] if allowance.spent else []
    used += [f"{allowance.held:,} held"] if allowance.held else []
    words = [f"**{allowance.left:,} of {limit:,}** left", name, *([", ".join(used)] if used else [])]
    return " · ".join([*words, f"renews <t:{round(allowance.renews_at)}:R>"])


def kept_words(credits: int) -> str:
    """Return who can give back what the provider kept for a failed job."""
    return f"The provider kept {amount_words(credits)}. A moderator of this server can refund that: `/quota refund`."


NO_CREDITS_YET = "This server has no credits to spend yet. The bot's owner was asked to give it some."
"""What members read where the owner's ceiling is 0."""

OUTAGE_WORDS = {
    Outage.KEY_REFUSED: "Sorry, the video provider does not accept this bot's API key. The bot's owner was told.",
    Outage.KEY_FORBIDDEN: "Sorry, the video provider does not let this bot's API key make videos. "
    "The bot's owner was told.",
    Outage.DRAINING: "Sorry, no new videos are taken here at the moment; those that wait are still made.",
}


def explain(refusals: Iterable[Refusal], price: int) -> str:
    """Return why a request at `price` credits was refused and what is possible, one sentence for each reason."""
    return "\n".join(_sentence(refusal, price) for refusal in refusals)


def _sentence(refusal: Refusal, price: int) -> str:
    if refusal.reason is RefusalReason.BLOCKED:
        return "This server cannot generate videos at the moment; its moderators can ask the bot's owner."
    if refusal.reason is RefusalReason.PRICE_MAX:
        return f"This costs {amount_words(price)}; one request may cost at most {amount_words(refusal.allowed)} here."
    if refusal.reason in (RefusalReason.MEMBER_JOBS, RefusalReason.GUILD_JOBS) and not refusal.allowed:
        return "No requests are taken here: the moderators of this server have set how many there may be at once to 0."
    if refusal.reason is RefusalReason.MEMBER_JOBS:
        most = counted(refusal.allowed or 0, "job")
        return f"You may have at most {most} waiting or running at once here. Try again when one has ended."
    if refusal.reason is RefusalReason.GUILD_JOBS:
        most = counted(refusal.allowed or 0, "job")
        return f"This server may have at most {most} waiting or running at once. Try again when one has ended."
    allowance = refusal.allowance
    if allowance is None:
        return "This does not fit a limit that applies here."
    if allowance.limit.scope is Scope.ACCOUNT:
        # How much of the owner's account other servers use is nobody's business here.
        return (
            f"This costs {amount_words(price)}; {_name(allowance)} does not cover that. "
            f"It renews <t:{round(allowance.renews_at)}:R>, and the bot's owner can raise it."
        )
    if allowance.limit.scope is Scope.CEILING and allowance.limit.amount == 0:
        return NO_CREDITS_YET
    if allowance.limit.amount == 0 and not refusal.granted:
        return (
            f"This costs {amount_words(price)}; {_name(allowance)} is 0. The moderators of this server can change that."
        )
    left = (allowance.left or 0) + refusal.granted
    grants = ", grants included" if refusal.granted else ""
    return (
        f"This costs {amount_words(price)}; {_name(allowance)} has {amount_words(left)} left{grants}. "
        f"It renews <t:{round(allowance.renews_at)}:R>."
    )


def _name(allowance: Allowance) -> str:
    return f"{_WHOSE[allowance.limit.scope]} for {_THIS[allowance.limit.period]}"
