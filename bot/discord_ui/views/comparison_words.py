"""What members read privately about comparisons: the question about the sum, refusals, and what came of a vote."""

from collections.abc import Collection, Sequence

from bot.discord_ui.language.speaking import mark, say, say_many
from bot.discord_ui.views.comparison_message import NAME_SHOWN
from bot.discord_ui.views.escaping import escape, excerpt
from bot.discord_ui.views.model_words import estimate_words, shown_name
from bot.discord_ui.views.quota_words import amount_words, explain
from bot.discord_ui.views.request_words import NOTHING_CHARGED
from bot.discord_ui.views.request_words import refused as refused_one
from bot.domain.capabilities import Capability
from bot.services.admission_request import ComparisonRequest
from bot.services.admission_result import ComparisonQuestion, ComparisonRefused
from bot.services.comparisons import ComparisonView, Vote, Voted

UNKNOWN = mark("I do not know this comparison any more.")
NOT_YOURS = mark("Only the member who asked for this comparison, or a moderator, can do that.")
_NOT_CAST = {
    Voted.ENDED: mark("The vote has ended. The message tells which model made which clip."),
    Voted.DELETED: mark("This comparison was deleted."),
    Voted.UNKNOWN: UNKNOWN,
}


def too_few() -> str:
    """Say that one model is nothing to compare."""
    few = say("Name at least two models to compare.")
    return f"{few} {say(NOTHING_CHARGED)}"


def named_twice(model: Capability) -> str:
    """Say that a model was named twice."""
    twice = say("You named **{model}** twice. Each model is compared once.", model=excerpt(shown_name(model)))
    return f"{twice} {say(NOTHING_CHARGED)}"


def unfit_models(reasons: Sequence[str]) -> str:
    """Say what models cannot do. Each reason ends with its own word on what was charged, of which one is enough."""
    ending = f"\n{say(NOTHING_CHARGED)}"
    return "\n".join([*(reason.removesuffix(ending) for reason in reasons), say(NOTHING_CHARGED)])


def accepted() -> str:
    """Say that a comparison was accepted, where its card could not be the answer."""
    return say("✅ I have your comparison. Its card appears in this channel in a moment.")


def question(needed: ComparisonQuestion, asked: ComparisonRequest) -> str:
    """Ask whether the sum is meant, with the price of each model."""
    count, amount = len(asked.requests), amount_words(needed.credits)
    if all(price.certain for price in needed.prices):
        lines = [
            say_many(
                "Comparing {count} model costs **{amount}**. Shall I?",
                "Comparing {count} models costs **{amount}**. Shall I?",
                count,
                amount=amount,
            )
        ]
    else:
        lines = [
            say_many(
                "Comparing {count} model costs at most **{amount}**. Shall I?",
                "Comparing {count} models costs at most **{amount}**. Shall I?",
                count,
                amount=amount,
            )
        ]
    for each, price in zip(asked.requests, needed.prices, strict=True):
        lines.append(f"- {excerpt(each.capability.name, NAME_SHOWN)} · {estimate_words(price)}")
    if asked.first.request.prompt:
        lines.append(f"> {excerpt(asked.first.request.prompt)}")
    if (left := needed.quota_status.left) is not None:
        lines.append(say("-# You have {credits} left.", credits=amount_words(left)))
    return "\n".join(lines)


def refused(result: ComparisonRefused, asked: ComparisonRequest, known_ids: Collection[int] = ()) -> str:
    """Say why a comparison was refused, and because of which model, where it is one of them."""
    if result.refused.refusals:
        reasons = explain(result.refused.refusals, result.credits)
        if result.about is None:
            return f"{reasons}\n{say(NOTHING_CHARGED)}"
        words = f"{reasons}\n{say(NOTHING_CHARGED)}"
    else:
        about = asked.requests[result.about or 0]
        words = refused_one(result.refused, about.request, about.capability, known_ids)
        if result.about is None:
            return words
    return f"**{escape(shown_name(asked.requests[result.about].capability))}**: {words}"


def voted(vote: Vote) -> str:
    """Say what came of a vote, and to whom voted, which model made which clip."""
    if vote.voted in _NOT_CAST or vote.view is None:
        return say(_NOT_CAST.get(vote.voted, UNKNOWN))
    letter = vote.letter
    if vote.voted is Voted.CHANGED:
        lines = [say("You now vote for **{letter}**, and not for the other one any more.", letter=letter)]
    elif vote.voted is Voted.SAME:
        lines = [say("You vote for **{letter}** already.", letter=letter)]
    else:
        lines = [say("You voted for **{letter}**.", letter=letter)]
    lines += names(vote.view)
    ends_at = vote.view.comparison.voting_ends_at
    if ends_at is not None:
        lines.append(
            say(
                "-# You can change your vote until {moment}. Please keep the names to yourself until then.",
                moment=f"<t:{round(ends_at)}:f>",
            )
        )
    return "\n".join(lines)


def names(view: ComparisonView) -> list[str]:
    """Return which model made which clip."""
    made = [(clip.letter, view.jobs.get(clip.job_id or "")) for clip in view.clips]
    return [
        say("**{letter}** is **{model}**", letter=letter, model=excerpt(job.model_name, NAME_SHOWN))
        for letter, job in made
        if job is not None
    ]


def cancelled(count: int, total: int) -> str:
    """Say how many jobs of a comparison were cancelled, and what became of the others."""
    if not count:
        return say("It is too late to cancel: all of it has begun.")
    done = say_many(
        "{count} video is cancelled, and its credits are released.",
        "{count} videos are cancelled, and their credits are released.",
        count,
    )
    others = total - count
    if not others:
        return done
    begun = say_many(
        "{count} has begun already and is made all the same.",
        "{count} have begun already and are made all the same.",
        others,
    )
    return f"{done} {begun}"
