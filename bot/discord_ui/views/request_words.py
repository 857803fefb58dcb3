"""What a member reads about a request of theirs, privately: a question, a refusal, or that it was accepted."""

from collections.abc import Collection, Sequence

import discord

from bot.discord_ui.language.speaking import all_of, mark, mark_many, say, say_many
from bot.discord_ui.views.access_words import access_words
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.problem_words import problem_words
from bot.discord_ui.views.quota_words import OUTAGE_WORDS, explain
from bot.discord_ui.views.report_words import barred
from bot.discord_ui.views.words import relative
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.pricing import estimate
from bot.domain.request import GenerationRequest
from bot.services.admission_result import Admitted, ConfirmationNeeded, Refused

NOTHING_CHARGED = mark("Nothing was charged.")
_NO_CATALOGUE = mark("I do not know the provider's models yet; I am asking for them. Please try again in a minute.")
_KEY_REFUSED = mark(
    "I do not know the provider's models: it does not accept my API key. My owner was told and has to mend it."
)
SERVERS_ONLY = mark("Videos are made in servers only: please ask there.")
NAME_SHOWN = 80
"""Characters of a model's name that are shown."""
_COSTS = mark_many(
    "**{model}** with these settings costs **{count} credit**. Shall I?",
    "**{model}** with these settings costs **{count} credits**. Shall I?",
)
_COSTS_AT_MOST = mark_many(
    "**{model}** with these settings costs at most **{count} credit**. Shall I?",
    "**{model}** with these settings costs at most **{count} credits**. Shall I?",
)
_COSTS_OF = mark_many(
    "**{model}** with these settings costs **{price} of your {count} credit**. Shall I?",
    "**{model}** with these settings costs **{price} of your {count} credits**. Shall I?",
)
_COSTS_AT_MOST_OF = mark_many(
    "**{model}** with these settings costs at most **{price} of your {count} credit**. Shall I?",
    "**{model}** with these settings costs at most **{price} of your {count} credits**. Shall I?",
)


def no_models(*, key_refused: bool) -> str:
    """Say that no model is known yet. `key_refused`: and that waiting does not help."""
    return say(_KEY_REFUSED if key_refused else _NO_CATALOGUE)


def accepted(result: Admitted, channel_id: int | None) -> str:
    """Say that the request was accepted, where its card could not be the answer. `channel_id` is where this is said."""
    name = excerpt(result.job.model_name, NAME_SHOWN)
    if result.job.channel_id != channel_id:
        channel = f"<#{result.job.channel_id}>"
        return say(
            "✅ **{model}**: I have your request. You cannot write here, so its card appears in {channel} in a moment.",
            model=name,
            channel=channel,
        )
    return say("✅ **{model}**: I have your request. Its card appears in this channel in a moment.", model=name)


def lacking(permissions: Sequence[str]) -> str:
    """Say that the bot cannot post a video in this channel. `permissions` are the names of what it lacks."""
    reason = say_many(
        "I need the permission {names} in this channel first.",
        "I need the permissions {names} in this channel first.",
        len(permissions),
        names=all_of(permissions),
    )
    return f"{reason} {say(NOTHING_CHARGED)}"


def scarce(result: Admitted) -> str | None:
    """Say what is left, and when more comes, where it is not enough for the same again; None where it is."""
    left, scarcest = result.quota_status.spendable, result.quota_status.scarcest
    if left is None or scarcest is None or left >= result.job.held:
        return None
    return say_many(
        "You have {count} credit left: not enough for the same again. More come {moment}; {command} tells the rest.",
        "You have {count} credits left: not enough for the same again. More come {moment}; {command} tells the rest.",
        left,
        moment=relative(scarcest.renews_at),
        command="`/credits`",
    )


def refused(
    result: Refused, request: GenerationRequest, capability: Capability, known_ids: Collection[int] = ()
) -> str:
    """Say why a request was refused and what is allowed.

    `known_ids` are the channels that the member sees, and the roles of the guild.
    """
    if result.problems:
        reasons = "\n".join(discord.utils.escape_mentions(problem_words(problem)) for problem in result.problems)
    elif result.bar is not None:
        reasons = barred(result.bar, result.block)
    elif result.access:
        reasons = access_words(result.access, capability, known_ids)
    elif result.outage is not None:
        reasons = say(OUTAGE_WORDS[result.outage])
    else:
        reasons = explain(result.refusals, estimate(capability, request).credits)
    return f"{reasons}\n{say(NOTHING_CHARGED)}"


def to_confirm(result: ConfirmationNeeded, request: GenerationRequest, capability: Capability) -> str:
    """Ask whether an expensive request is meant: "Veo 3.1 Fast with these settings costs 100 of your 180 credits."."""
    name, price, left = excerpt(capability.name, NAME_SHOWN), result.price.credits, result.quota_status.left
    if left is None:
        question = say_many(*(_COSTS if result.price.certain else _COSTS_AT_MOST), price, model=name)
    else:
        words = _COSTS_OF if result.price.certain else _COSTS_AT_MOST_OF
        question = say_many(*words, left, model=name, price=price)
    return f"{question}\n> {excerpt(request.prompt)}" if request.prompt else question


def no_longer_offered(model_name: str, catalogue: Catalogue) -> str:
    """Say that a model left the catalogue, and what there is instead."""
    gone = say("The provider no longer offers **{model}**.", model=excerpt(model_name, NAME_SHOWN))
    others = say_many(
        "{command} shows what there is: {count} model.",
        "{command} shows what there is: {count} models.",
        len(catalogue.models),
        command="`/models`",
    )
    return f"{gone} {others} {say(NOTHING_CHARGED)}"
