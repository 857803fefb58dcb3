"""Limits and refusals in words, for members and moderators. Moments are written so that Discord shows them live."""

from collections.abc import Collection, Iterable

from bot.discord_ui.language.speaking import mark, mark_many, number, say, say_many, signed
from bot.discord_ui.views.words import person, relative
from bot.domain import confirmation
from bot.domain.periods import Period
from bot.domain.quota import Allowance, Limit, Refusal, RefusalReason, Scope
from bot.services.admission_result import Outage

_CREDITS_PER = {
    Period.DAY: mark_many("{count} credit a day", "{count} credits a day"),
    Period.WEEK: mark_many("{count} credit a week", "{count} credits a week"),
    Period.MONTH: mark_many("{count} credit a month", "{count} credits a month"),
}
_UNLIMITED_PER = {
    Period.DAY: mark("unlimited credits a day"),
    Period.WEEK: mark("unlimited credits a week"),
    Period.MONTH: mark("unlimited credits a month"),
}
_LIMITS = {
    Scope.ACCOUNT: {
        Period.DAY: mark("the bot's own budget for today"),
        Period.WEEK: mark("the bot's own budget for this week"),
        Period.MONTH: mark("the bot's own budget for this month"),
    },
    Scope.CEILING: {
        Period.DAY: mark("this server's budget for today"),
        Period.WEEK: mark("this server's budget for this week"),
        Period.MONTH: mark("this server's budget for this month"),
    },
    Scope.GUILD: {
        Period.DAY: mark("this server's limit for today"),
        Period.WEEK: mark("this server's limit for this week"),
        Period.MONTH: mark("this server's limit for this month"),
    },
    Scope.ROLE: {
        Period.DAY: mark("your role's limit for today"),
        Period.WEEK: mark("your role's limit for this week"),
        Period.MONTH: mark("your role's limit for this month"),
    },
    Scope.MEMBER: {
        Period.DAY: mark("your own limit for today"),
        Period.WEEK: mark("your own limit for this week"),
        Period.MONTH: mark("your own limit for this month"),
    },
    Scope.DEFAULT: {
        Period.DAY: mark("everyone's limit for today"),
        Period.WEEK: mark("everyone's limit for this week"),
        Period.MONTH: mark("everyone's limit for this month"),
    },
}


def amount_words(amount: int | None) -> str:
    """Return for example `unlimited`, `1 credit` or `1,200 credits`."""
    if amount is None:
        return say("unlimited")
    return say_many("{count} credit", "{count} credits", amount)


def difference_words(amount: int) -> str:
    """Return for example `+1 credit` or `-30 credits`."""
    return say_many("{amount} credit", "{amount} credits", amount, amount=signed(amount))


def charged_words(amount: int) -> str:
    """Return for example `30 credits charged`."""
    return say_many("{count} credit charged", "{count} credits charged", amount)


def held_words(amount: int) -> str:
    """Return for example `30 credits held`."""
    return say_many("{count} credit held", "{count} credits held", amount)


def granted_words(amount: int, member_id: int | None, days: int | None) -> str:
    """Say to whom credits were granted, and for how long: the server for None, and for ever."""
    if member_id is None:
        words = say_many("Granted {count} credit to this server.", "Granted {count} credits to this server.", amount)
    else:
        words = say_many(
            "Granted {count} credit to {member}.",
            "Granted {count} credits to {member}.",
            amount,
            member=person(member_id),
        )
    if days is None:
        return words
    ending = say_many("What is left of it ends in {count} day.", "What is left of it ends in {count} days.", days)
    return f"{words} {ending}"


def limit_words(limit: Limit) -> str:
    """Return for example `1,200 credits a month` or `unlimited credits a day`."""
    if limit.amount is None:
        return say(_UNLIMITED_PER[limit.period])
    return say_many(*_CREDITS_PER[limit.period], limit.amount)


def jobs_words(most: int | None) -> str:
    """Return for example `any number` or `3`."""
    return say("any number") if most is None else number(most)


def at_most_words(most: int | None) -> str:
    """Return for example `any number` or `at most 3`."""
    if most is None:
        return say("any number")
    return say("at most {number}", number=most) if most else say("none")


def threshold_words(amount: int | None) -> str:
    """Return for example `off` or `1,200 credits`."""
    return say("off") if amount is None else amount_words(amount)


def confirm_words(threshold: int | None) -> str:
    """Return what members confirm first, for example `prices above 50 credits`."""
    match threshold:
        case confirmation.DEFAULT:
            return say("prices above half of what they have left")
        case confirmation.ALWAYS:
            return say("every price")
        case confirmation.NEVER:
            return say("nothing")
    if threshold is None:
        return say("every price")
    return say_many("prices above {count} credit", "prices above {count} credits", threshold)


def subject_words(limit: Limit, known_roles: Collection[int]) -> str:
    """Return whom a limit is for. A role that was deleted is named by its id."""
    match limit.scope:
        case Scope.ROLE:
            if limit.subject_id in known_roles:
                return f"<@&{limit.subject_id}>"
            return say("deleted role {role}", role=str(limit.subject_id))
        case Scope.MEMBER:
            return person(limit.subject_id)
        case Scope.DEFAULT:
            return say("everyone")
        case Scope.GUILD:
            return say("the server")
        case Scope.CEILING:
            return say("the owner's ceiling")
        case Scope.ACCOUNT:
            return say("all servers together")


def allowance_words(allowance: Allowance) -> str:
    """Return what is left of one limit and when it renews, for the member whom it applies to.

    What is spent, held and left add up to the limit.
    """
    name, limit = _name(allowance), allowance.limit.amount
    if limit is None:
        return say("**unlimited** · {limit}", limit=name)
    if limit == 0:
        return say("**nothing** · {limit}", limit=name)
    used = [say("{number} spent", number=allowance.spent)] if allowance.spent else []
    used += [say("{number} held", number=allowance.held)] if allowance.held else []
    left = say("**{left} of {limit}** left", left=allowance.left, limit=limit)
    words = [left, name, *([", ".join(used)] if used else [])]
    return " · ".join([*words, say("renews {moment}", moment=relative(allowance.renews_at))])


def kept_words(credits: int) -> str:
    """Return who can give back what the provider kept for a failed job."""
    return say_many(
        "The provider kept {count} credit. A moderator of this server can refund that: {command}.",
        "The provider kept {count} credits. A moderator of this server can refund that: {command}.",
        credits,
        command="`/quota refund`",
    )


NO_CREDITS_YET = mark("This server has no credits to spend yet. The bot's owner was asked to give it some.")
"""What members read where the owner's ceiling is 0."""

OUTAGE_WORDS = {
    Outage.KEY_REFUSED: mark("Sorry, the video provider does not accept this bot's API key. The bot's owner was told."),
    Outage.KEY_FORBIDDEN: mark(
        "Sorry, the video provider does not let this bot's API key make videos. The bot's owner was told."
    ),
    Outage.DRAINING: mark("Sorry, no new videos are taken here at the moment; those that wait are still made."),
}


def explain(refusals: Iterable[Refusal], price: int) -> str:
    """Return why a request at `price` credits was refused and what is possible, one sentence for each reason."""
    return "\n".join(_sentence(refusal, price) for refusal in refusals)


def _sentence(refusal: Refusal, price: int) -> str:
    match refusal.reason:
        case RefusalReason.BLOCKED:
            return say("This server cannot generate videos at the moment; its moderators can ask the bot's owner.")
        case RefusalReason.PRICE_MAX:
            return say(
                "This costs {price}; one request may cost at most {most} here.",
                price=amount_words(price),
                most=amount_words(refusal.allowed),
            )
        case RefusalReason.APPROVAL:
            return say(
                "This costs {price}: here a moderator approves every price above {most} first, and a comparison cannot "
                "wait for that. Ask for this video by itself.",
                price=amount_words(price),
                most=amount_words(refusal.allowed),
            )
        case RefusalReason.MEMBER_JOBS | RefusalReason.GUILD_JOBS if not refusal.allowed:
            return say(
                "No requests are taken here: the moderators of this server have set how many there may be at once to 0."
            )
        case RefusalReason.MEMBER_JOBS:
            return say_many(
                "You may have at most {count} job waiting or running at once here. Try again when one has ended.",
                "You may have at most {count} jobs waiting or running at once here. Try again when one has ended.",
                refusal.allowed or 0,
            )
        case RefusalReason.GUILD_JOBS:
            return say_many(
                "This server may have at most {count} job waiting or running at once. Try again when one has ended.",
                "This server may have at most {count} jobs waiting or running at once. Try again when one has ended.",
                refusal.allowed or 0,
            )
    if refusal.allowance is None:
        return say("This does not fit a limit that applies here.")
    return _not_enough(refusal, refusal.allowance, amount_words(price))


def _not_enough(refusal: Refusal, allowance: Allowance, price: str) -> str:
    limit, renews = _name(allowance), relative(allowance.renews_at)
    if allowance.limit.scope is Scope.ACCOUNT:
        # How much of the owner's account other servers use is nobody's business here.
        return say(
            "This costs {price}, which is more than is left ({limit}). It renews {moment}, and the bot's owner can "
            "raise it.",
            price=price,
            limit=limit,
            moment=renews,
        )
    if allowance.limit.scope is Scope.CEILING and allowance.limit.amount == 0:
        return say(NO_CREDITS_YET)
    if allowance.limit.amount == 0 and not refusal.granted:
        return say(
            "This costs {price}, and nothing may be spent ({limit}). The moderators of this server can change that.",
            price=price,
            limit=limit,
        )
    left = (allowance.left or 0) + refusal.granted
    if refusal.granted:
        return say_many(
            "This costs {price}, and {count} credit is left, grants included ({limit}). It renews {moment}.",
            "This costs {price}, and {count} credits are left, grants included ({limit}). It renews {moment}.",
            left,
            price=price,
            limit=limit,
            moment=renews,
        )
    if not left:
        return say(
            "This costs {price}, and nothing is left ({limit}). It renews {moment}.",
            price=price,
            limit=limit,
            moment=renews,
        )
    return say_many(
        "This costs {price}, and {count} credit is left ({limit}). It renews {moment}.",
        "This costs {price}, and {count} credits are left ({limit}). It renews {moment}.",
        left,
        price=price,
        limit=limit,
        moment=renews,
    )


def _name(allowance: Allowance) -> str:
    return say(_LIMITS[allowance.limit.scope][allowance.limit.period])
