"""The card on which moderators approve or deny an expensive request. Its buttons work for ever."""

import re
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import say, say_many, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.model_words import NAME_SHOWN
from bot.discord_ui.views.quota_words import amount_words
from bot.discord_ui.views.refusal_words import words_of
from bot.discord_ui.views.words import relative
from bot.domain.approvals import Decision
from bot.domain.jobs import JOB_ID_LENGTH, Job
from bot.domain.refusals import NotPossible
from bot.engine.approval import Question

PROMPT_SHOWN = 600
"""Characters of the prompt that moderators see."""
_TEMPLATE = re.compile(rf"{PREFIX}:(?P<verb>approve|deny):(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})")


class ApprovalButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Approves or denies one request. The handler checks who pressed."""

    def __init__(self, job_id: str, *, approved: bool) -> None:
        super().__init__(
            discord.ui.Button(
                label=say_on("button", "Approve") if approved else say_on("button", "Deny"),
                style=discord.ButtonStyle.success if approved else discord.ButtonStyle.danger,
                custom_id=f"{PREFIX}:{'approve' if approved else 'deny'}:{job_id}",
            )
        )
        self.job_id = job_id
        self.approved = approved

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(match["job"], approved=match["verb"] == "approve")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).approval_button, interaction, self.job_id, self.approved)


def approval_view(question: Question, stopped: str | None = None) -> discord.ui.LayoutView:
    """Return the card: who asks for what at which price, and buttons. Once it is decided, one line remains.

    `stopped` says why the latest attempt to approve it did not succeed.
    """
    view = discord.ui.LayoutView(timeout=None)
    if question.approval.decision is not None:
        view.add_item(discord.ui.TextDisplay(f"-# {_decided(question, question.approval.decision)}"))
        return view
    job = question.job
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(
        discord.ui.TextDisplay(
            say(
                "## A request waits for approval\n{member} asks for **{model}** in {channel}: **{price}**",
                member=f"<@{job.member_id}>",
                model=excerpt(job.model_name, NAME_SHOWN),
                channel=f"<#{job.channel_id}>",
                price=_price(job),
            )
        )
    )
    if job.prompt:
        container.add_item(discord.ui.TextDisplay(f"> {excerpt(job.prompt, PROMPT_SHOWN)}"))
    if stopped is not None:
        container.add_item(discord.ui.TextDisplay(stopped))
    released = relative(question.approval.ends_at)
    container.add_item(
        discord.ui.TextDisplay(
            say("-# The credits are held. Without a decision they go back {released}.", released=released)
        )
    )
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    row.add_item(ApprovalButton(job.id, approved=True))
    row.add_item(ApprovalButton(job.id, approved=False))
    container.add_item(row)
    container.add_item(discord.ui.TextDisplay(say("-# Job `{job}`", job=job.id)))
    view.add_item(container)
    return view


def stopped_words(refusal: NotPossible, actor_id: int, at: float) -> str:
    """Say on a card who tried to approve it, when, and why that is not possible for now."""
    return say(
        "⛔ {actor} pressed Approve {moment}: {refusal}",
        actor=f"<@{actor_id}>",
        moment=relative(at),
        refusal=words_of(refusal),
    )


def _price(job: Job) -> str:
    return (
        amount_words(job.held)
        if job.price_certain
        else say_many("up to {count} credit", "up to {count} credits", job.held)
    )


def _decided(question: Question, decision: Decision) -> str:
    job, actor = question.job, f"<@{question.approval.actor_id}>"
    request = say(
        "**{model}** for {member} in {channel} · {price}",
        model=excerpt(job.model_name, NAME_SHOWN),
        member=f"<@{job.member_id}>",
        channel=f"<#{job.channel_id}>",
        price=_price(job),
    )
    match decision:
        case Decision.APPROVED:
            return say("✅ {actor} approved: {request}", actor=actor, request=request)
        case Decision.DENIED:
            return say("❌ {actor} denied: {request}", actor=actor, request=request)
        case Decision.EXPIRED:
            return say("⌛ Nobody decided within a day: {request}", request=request)
        case Decision.WITHDRAWN:
            return say("🚫 Taken back: {request}", request=request)
