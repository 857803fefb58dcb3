"""The card on which moderators read of an incident and decide about it. Its buttons work for ever."""

import re
from collections.abc import Iterable
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.interactions.incident_action import IncidentAction
from bot.discord_ui.language.speaking import mark, mark_on, say, say_many, say_on
from bot.discord_ui.views.custom_ids import custom_ids_in
from bot.discord_ui.views.escaping import code, excerpt
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.links import message_link
from bot.discord_ui.views.message_limits import fitting_lines
from bot.discord_ui.views.words import pair, person, relative
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
    IncidentAction.DELETE: (mark_on("button", "Delete"), discord.ButtonStyle.danger),
    IncidentAction.LIFT: (mark_on("button", "Lift"), discord.ButtonStyle.success),
    IncidentAction.BLOCK: (mark_on("button", "Block member"), discord.ButtonStyle.secondary),
    IncidentAction.DISMISS: (mark_on("button", "Dismiss"), discord.ButtonStyle.secondary),
}
_ACTIONS = {
    IncidentKind.REPORT: (IncidentAction.DELETE, IncidentAction.BLOCK, IncidentAction.DISMISS),
    IncidentKind.REFUSALS: (IncidentAction.LIFT, IncidentAction.BLOCK),
    IncidentKind.GUARD: (IncidentAction.BLOCK, IncidentAction.DISMISS),
}
"""The buttons of each kind of card."""


_KINDS = {
    IncidentKind.REPORT: mark("A reported video"),
    IncidentKind.REFUSALS: mark("A paused member"),
    IncidentKind.GUARD: mark("A stopped request"),
}
_STOPPED_BY_OWNERS = mark(
    "{member} asked for **{model}** in {channel}. {entry} on the bot owner's word list stopped it. Nothing was "
    "charged, and the member does not know which entry it was."
)
_STOPPED_BY_SERVERS = mark(
    "{member} asked for **{model}** in {channel}. {entry} on this server's word list stopped it. Nothing was "
    "charged, and the member does not know which entry it was."
)
_TEXT_STOPPED_BY_OWNERS = mark(
    "{member} wrote this in {channel}. {entry} on the bot owner's word list stopped it: it is shown nowhere, and the "
    "member does not know which entry it was."
)
_TEXT_STOPPED_BY_SERVERS = mark(
    "{member} wrote this in {channel}. {entry} on this server's word list stopped it: it is shown nowhere, and the "
    "member does not know which entry it was."
)
_DISMISSED = (mark("✅ Dismissed"), mark("✅ Dismissed by {actor}"))
_ENDED = {
    IncidentDecision.DELETED: (mark("🗑️ Deleted for good"), mark("🗑️ Deleted for good by {actor}")),
    IncidentDecision.BLOCKED: (mark("⛔ Member blocked"), mark("⛔ Member blocked by {actor}")),
    IncidentDecision.LIFTED: (mark("✅ Pause lifted"), mark("✅ Pause lifted by {actor}")),
}
"""How an incident ended, where nobody is known to have decided, and where somebody is."""


class IncidentButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Decides about one incident. The handler checks who pressed."""

    def __init__(self, action: IncidentAction, incident_id: int) -> None:
        words, style = _LOOKS[action]
        label, custom_id = say_on("button", words), f"{PREFIX}:incident:{action}:{incident_id}"
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


def is_about(components: Iterable[object], incident_id: int) -> bool:
    """Tell whether a message of the bot is the open card of an incident, by its buttons."""
    matches = (_TEMPLATE.fullmatch(custom_id) for custom_id in custom_ids_in(components))
    return any(match is not None and int(match["incident"]) == incident_id for match in matches)


def incident_label(incident: Incident) -> str:
    """Return what an incident is, for a choice."""
    return say(_KINDS[incident.kind])


def incident_line(incident: Incident) -> str:
    """Return an open incident in one line, for lists."""
    member, when = person(incident.member_id), relative(incident.created_at)
    match incident.kind:
        case IncidentKind.REPORT:
            return say("A video of {member} was reported {moment}.", member=member, moment=when)
        case IncidentKind.REFUSALS:
            return say("{member} was paused {moment}: the provider refused content.", member=member, moment=when)
        case IncidentKind.GUARD:
            return say("A request of {member} was stopped {moment}.", member=member, moment=when)


def _title(card: IncidentCard) -> str:
    match card.incident.kind:
        case IncidentKind.REPORT:
            return say_many(
                "🚩 A video was reported: {count} report", "🚩 A video was reported: {count} reports", len(card.reports)
            )
        case IncidentKind.REFUSALS:
            return say("⏸️ A member is paused")
        case IncidentKind.GUARD:
            return say("🛑 A request was stopped")


def _about(card: IncidentCard) -> str:
    incident, data = card.incident, card.incident.data
    member, channel = person(incident.member_id), f"<#{incident.channel_id}>"
    match incident.kind:
        case IncidentKind.REPORT:
            if card.job is None:
                about = say("By {member} in {channel}", member=member, channel=channel)
            else:
                model = excerpt(card.job.model_name, 80)
                about = say("By {member} with **{model}** in {channel}", member=member, model=model, channel=channel)
            if card.posting is not None and card.posting.stands:
                return pair(about, message_link(card.posting, incident.guild_id))
            return about
        case IncidentKind.REFUSALS:
            return say_many(
                "The provider refused {count} request of {member} for the content within 24 hours. More of them "
                "endanger the account with which everybody's videos are made.",
                "The provider refused {count} requests of {member} for the content within 24 hours. More of them "
                "endanger the account with which everybody's videos are made.",
                int(str(data["count"])),
                member=member,
            )
        case IncidentKind.GUARD:
            entry = code(str(data["entry"]), 300)
            if "model" not in data:
                stopped = _TEXT_STOPPED_BY_OWNERS if data["owners"] else _TEXT_STOPPED_BY_SERVERS
                return say(stopped, member=member, channel=channel, entry=entry)
            stopped = _STOPPED_BY_OWNERS if data["owners"] else _STOPPED_BY_SERVERS
            return say(
                stopped,
                member=member,
                model=excerpt(str(data["model"]), 80),
                channel=channel,
                entry=entry,
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
            shown = [say("The last one:\n> {prompt}", prompt=excerpt(prompt, PROMPT_SHOWN))] if prompt else []
            if incident.decision is None:
                ends_at = float(str(incident.data["ends_at"]))
                shown.append(say("-# The pause ends {moment}, unless you decide earlier.", moment=relative(ends_at)))
            return shown
        case IncidentKind.GUARD:
            text = excerpt(str(incident.data["text"]), PROMPT_SHOWN)
            return [f"> {text}"] if text else []


def _ended(card: IncidentCard) -> str:
    incident = card.incident
    alone, by_actor = _ENDED.get(incident.decision or IncidentDecision.DISMISSED, _DISMISSED)
    return say(alone) if incident.actor_id is None else say(by_actor, actor=person(incident.actor_id))


def _block_words(block: MemberBlock) -> str:
    if block.ends_at is None:
        return say("⛔ Its member is blocked.")
    return say("⛔ Its member is blocked until {moment}.", moment=f"<t:{round(block.ends_at)}:f>")
