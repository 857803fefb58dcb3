"""The card on which moderators read of an incident and decide about it. Its buttons work for ever."""

import re
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.interactions.incident_action import IncidentAction
from bot.discord_ui.views.escaping import code, excerpt
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.links import message_link
from bot.discord_ui.views.message_limits import fitting_lines
from bot.discord_ui.views.words import counted, person, relative
from bot.domain.moderation import BlockKind, Incident, IncidentDecision, IncidentKind, MemberBlock
from bot.engine.incidents import IncidentCard

PROMPT_SHOWN = 600
"""Characters of a prompt that moderators see."""
REASONS_MAX = 1_500
"""Characters of all reasons that are shown."""
OPEN_COLOUR = discord.Colour(0xDA373C)
ENDED_COLOUR = discord.Colour(0x80848E)

_TEMPLATE = re.compile(rf"{PREFIX}:incident:(?P<action>{'|'.join(IncidentAction)}):(?P<incident>[0-9]{{1,18}})")
_LOOKS = {
    IncidentAction.DELETE: ("Delete", discord.ButtonStyle.danger),
    IncidentAction.LIFT: ("Lift", discord.ButtonStyle.success),
    IncidentAction.BLOCK: ("Block member", discord.ButtonStyle.secondary),
    IncidentAction.DISMISS: ("Dismiss", discord.ButtonStyle.secondary),
}
_ACTIONS = {
    IncidentKind.REPORT: (IncidentAction.DELETE, IncidentAction.BLOCK, IncidentAction.DISMISS),
    IncidentKind.REFUSALS: (IncidentAction.LIFT, IncidentAction.BLOCK),
    IncidentKind.GUARD: (IncidentAction.BLOCK, IncidentAction.DISMISS),
}
"""The buttons of each kind of card."""


_KINDS = {
    IncidentKind.REPORT: "A reported video",
    IncidentKind.REFUSALS: "A paused member",
    IncidentKind.GUARD: "A stopped request",
}


class IncidentButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Decides about one incident. The handler checks who pressed."""

    def __init__(self, action: IncidentAction, incident_id: int) -> None:
        label, style = _LOOKS[action]
        custom_id = f"{PREFIX}:incident:{action}:{incident_id}"
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=custom_id))
        self.action = action
        self.incident_id = incident_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(IncidentAction(match["action"]), int(match["incident"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).incident_button, interaction, self.action, self.incident_id)


def incident_view(card: IncidentCard) -> discord.ui.LayoutView:
    """Return the card: what happened, and buttons while it is open."""
    incident = card.incident
    is_open = incident.decision is None
    colour = OPEN_COLOUR if is_open else ENDED_COLOUR
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=colour)
    container.add_item(discord.ui.TextDisplay(f"## {_title(card)}\n{_about(card)}"))
    for text in _details(card):
        container.add_item(discord.ui.TextDisplay(text))
    if is_open:
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        blocked = card.block is not None and card.block.kind is BlockKind.BLOCK
        for action in _ACTIONS[incident.kind]:
            if action is IncidentAction.BLOCK and blocked:
                continue
            row.add_item(IncidentButton(action, incident.id))
        container.add_item(row)
    else:
        container.add_item(discord.ui.TextDisplay(_ended(card)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def incident_label(incident: Incident) -> str:
    """Return what an incident is, for a choice."""
    return _KINDS[incident.kind]


def incident_line(incident: Incident) -> str:
    """Return an open incident in one line, for lists."""
    member, when = person(incident.member_id), relative(incident.created_at)
    match incident.kind:
        case IncidentKind.REPORT:
            return f"A video of {member} was reported {when}."
        case IncidentKind.REFUSALS:
            return f"{member} was paused {when}: the provider refused content."
        case IncidentKind.GUARD:
            return f"A request of {member} was stopped {when}."


def _title(card: IncidentCard) -> str:
    match card.incident.kind:
        case IncidentKind.REPORT:
            return f"🚩 A video was reported: {counted(len(card.reports), 'report')}"
        case IncidentKind.REFUSALS:
            return "⏸️ A member is paused"
        case IncidentKind.GUARD:
            return "🛑 A request was stopped"


def _about(card: IncidentCard) -> str:
    incident, data = card.incident, card.incident.data
    member, channel = person(incident.member_id), f"<#{incident.channel_id}>"
    match incident.kind:
        case IncidentKind.REPORT:
            model = excerpt(card.job.model_name, 80) if card.job is not None else "a model"
            link = ""
            if card.posting is not None and card.posting.stands:
                link = f": {message_link(card.posting, incident.guild_id)}"
            return f"By {member} with **{model}** in {channel}{link}"
        case IncidentKind.REFUSALS:
            requests = counted(int(str(data["count"])), "request")
            return (
                f"The provider refused {requests} of {member} for the content within 24 hours. "
                "More of them endanger the account with which everybody's videos are made."
            )
        case IncidentKind.GUARD:
            whose = "the bot owner's word list" if data["owners"] else "this server's word list"
            model, entry = excerpt(str(data["model"]), 80), code(str(data["entry"]), 300)
            return (
                f"{member} asked for **{model}** in {channel}. {entry} on {whose} stopped it. "
                "Nothing was charged, and the member does not know which entry it was."
            )


def _details(card: IncidentCard) -> list[str]:
    incident = card.incident
    match incident.kind:
        case IncidentKind.REPORT:
            prompt = card.job.prompt if card.job is not None else ""
            shown = [f"> {excerpt(prompt, PROMPT_SHOWN)}"] if prompt else []
            reasons = [f"- {excerpt(one.reason, 300) or '…'} · {relative(one.created_at)}" for one in card.reports]
            if card.block is not None and card.block.kind is BlockKind.BLOCK:
                reasons.append(_block_words(card.block))
            return [*shown, fitting_lines(reasons, REASONS_MAX)]
        case IncidentKind.REFUSALS:
            prompt = card.job.prompt if card.job is not None else ""
            shown = [f"The last one:\n> {excerpt(prompt, PROMPT_SHOWN)}"] if prompt else []
            if incident.decision is None:
                ends_at = float(str(incident.data["ends_at"]))
                shown.append(f"-# The pause ends {relative(ends_at)}, unless you decide earlier.")
            return shown
        case IncidentKind.GUARD:
            text = excerpt(str(incident.data["text"]), PROMPT_SHOWN)
            return [f"> {text}"] if text else []


def _ended(card: IncidentCard) -> str:
    incident = card.incident
    by = f" by {person(incident.actor_id)}" if incident.actor_id is not None else ""
    match incident.decision:
        case IncidentDecision.DELETED:
            return f"🗑️ Deleted for good{by}"
        case IncidentDecision.BLOCKED:
            return f"⛔ Member blocked{by}"
        case IncidentDecision.LIFTED:
            return f"✅ Pause lifted{by}"
        case _:
            return f"✅ Dismissed{by}"


def _block_words(block: MemberBlock) -> str:
    until = "" if block.ends_at is None else f" until <t:{round(block.ends_at)}:f>"
    return f"⛔ Its member is blocked{until}."
