"""What the controls of a reel's panel, of its private cards and of its dialogs do."""

from collections.abc import Callable
from typing import Any

import discord

from bot.discord_ui.interactions.answers import acknowledge, answer, show, tell_beside
from bot.discord_ui.interactions.continuing import Continuing
from bot.discord_ui.interactions.errors import explain
from bot.discord_ui.interactions.next_clip import NextClip
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.reel_access import require_reel
from bot.discord_ui.interactions.reel_press import ReelAction, ReelPress
from bot.discord_ui.language.speaking import mark, say, say_on
from bot.discord_ui.views.confirm import ConfirmView
from bot.discord_ui.views.reel_panel import dialogs
from bot.discord_ui.views.reel_panel.cards import note_card, options_card, part_card
from bot.discord_ui.views.reel_panel.panel import page_of
from bot.discord_ui.views.reel_panel.words import title_of
from bot.domain.films import Fit, Transition
from bot.domain.reel_edits import (
    AddCard,
    ChangeCard,
    CutOut,
    DropBackground,
    KeepSound,
    MovePart,
    ReelEdit,
    Rename,
    SetAccess,
    SetFit,
    SetNamed,
    SetTransition,
    ShowCredits,
    Trim,
)
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import last_clip, read_place
from bot.domain.reels import ReelAccess, ReelClip, ReelPart, TitleCard
from bot.services.reel_views import ReelView
from cogs.reel._adding import Adding
from cogs.reel._filming import Filming
from cogs.reel._room import ReelRoom

_OF_PARTS: dict[ReelAction, Callable[[int | None], ReelEdit]] = {
    ReelAction.CUT: lambda part_id: SetTransition(part_id, Transition.CUT),
    ReelAction.FADE: lambda part_id: SetTransition(part_id, Transition.FADE),
    ReelAction.SOUND: lambda part_id: KeepSound(part_id, keep=True),
    ReelAction.SILENCE: lambda part_id: KeepSound(part_id, keep=False),
}
"""Changes of one part, or of all."""
_ASKING = (ReelAction.CARD, ReelAction.MOVE, ReelAction.TRIM, ReelAction.WORDS, ReelAction.RENAME)
"""Actions that open a dialog."""
_DONE = {
    ReelAction.CUT_OUT: mark("✅ Cut out."),
    ReelAction.DROP_BACKGROUND: mark("✅ Taken away."),
}


class Pressing:
    """Carries out what was pressed, chosen and entered."""

    def __init__(self, room: ReelRoom, adding: Adding, filming: Filming, continuing: Continuing) -> None:
        self._room = room
        self._continuing = continuing
        self._reels = room.services.reels
        self._adding = adding
        self._filming = filming

    async def press(self, interaction: discord.Interaction[Any], press: ReelPress, values: list[str]) -> None:
        """Carry out a button or a select."""
        match press.action:
            case ReelAction.PAGE:
                await interaction.response.defer()
                await self._room.redraw(interaction, press.reel_id, int(press.argument or 0))
            case ReelAction.ADD:
                await self._adding.chosen(interaction, press.argument, values[0])
            case ReelAction.UNDO:
                await self._adding.undo(interaction, press)
            case ReelAction.PART | ReelAction.OPTIONS | ReelAction.RENDER:
                if await acknowledge(interaction):
                    await self._from_panel(interaction, press, values)
            case ReelAction.CONTINUE:
                await self._continue(interaction, press)
            case ReelAction.DELETE:
                if await acknowledge(interaction):
                    await self._ask_deletion(interaction, press)
            case action if action in _ASKING:
                await self._open_dialog(interaction, press)
            case _:
                await interaction.response.defer()
                await self._edit(interaction, press, _edit_of(press, values), press.version)

    async def enter(
        self, interaction: discord.Interaction[Any], press: ReelPress, fields: dict[str, list[str]]
    ) -> None:
        """Carry out what was entered in a dialog."""
        entered = {name: "".join(values).strip() for name, values in fields.items()}
        if press.action is ReelAction.NEW:
            await self._adding.make(interaction, press.argument, entered.get(dialogs.TITLE, ""))
            return
        await interaction.response.defer()
        if press.action is ReelAction.CARD:
            await self._add_card(interaction, press, entered)
            return
        # What somebody has typed is not thrown away for a change of something else: only places are meant in an order.
        version = press.version if press.action is ReelAction.MOVE else None
        try:
            edit = _entered_edit(press, entered)
        except ReelRefused as refused:
            await self._show_card(interaction, press, f"⚠️ {explain(refused)}")
            return
        await self._edit(interaction, press, edit, version)

    async def _from_panel(self, interaction: discord.Interaction[Any], press: ReelPress, values: list[str]) -> None:
        """Carry out a press on the panel whose answer is private, unless the panel shows an older version."""
        try:
            if press.action is ReelAction.RENDER:
                await self._filming.begin(interaction, press.reel_id, press.version)
                return
            view = await self._editable(interaction, press)
        except ReelRefused as refused:
            await answer(interaction, explain(refused) or "")
            if refused.problem is ReelProblem.CHANGED:
                await self._room.panels.refresh(guild_id_of(interaction), press.reel_id)
            return
        if press.action is ReelAction.PART:
            await self._show_part(interaction, view, int(values[0]))
        else:
            await show(interaction, options_card(view))

    async def _continue(self, interaction: discord.Interaction[Any], press: ReelPress) -> None:
        """Begin a continuation of the last clip, whose video is added by itself."""
        await require_reel(interaction, self._room.services, press.reel_id)
        view = await self._reels.view(guild_id_of(interaction), press.reel_id)
        last = last_clip(view.parts)
        clip = NextClip(last.job_id, last.file_position, reel_id=press.reel_id)
        await self._continuing.open(interaction, clip)

    async def _open_dialog(self, interaction: discord.Interaction[Any], press: ReelPress) -> None:
        try:
            view = await self._editable(interaction, press)
            asked = _dialog(view, press)
        except ReelRefused as refused:
            if refused.problem is not ReelProblem.CHANGED:
                raise
            await interaction.response.defer()
            await tell_beside(interaction, explain(refused) or "")
            await self._show_again(interaction, press)
            return
        await interaction.response.send_modal(asked)

    async def _show_again(self, interaction: discord.Interaction[Any], press: ReelPress) -> None:
        """Show the message as the reel is now on which a member has pressed: the panel, or a private card."""
        if press.action is ReelAction.CARD:
            await self._room.redraw(interaction, press.reel_id, 0)
        else:
            await self._show_card(interaction, press, None)

    async def _edit(
        self, interaction: discord.Interaction[Any], press: ReelPress, edit: ReelEdit, version: int | None
    ) -> None:
        """Carry out a change from a private card, and show the card as the reel is then."""
        reel, actor = await self._room.actor(interaction, press.reel_id)
        try:
            if isinstance(edit, MovePart) and press.action in (ReelAction.EARLIER, ReelAction.LATER):
                edit = await self._step(interaction, press, edit.part_id)
            await self._reels.edit(reel.guild_id, reel.id, version, edit, actor, key=interaction.id)
        except ReelRefused as refused:
            await self._show_card(interaction, press, f"⚠️ {explain(refused)}")
            return
        done = _DONE.get(press.action)
        await self._show_card(interaction, press, None if done is None else say(done))
        await self._room.panels.refresh(reel.guild_id, reel.id, part_id=_part_id(press))

    async def _step(self, interaction: discord.Interaction[Any], press: ReelPress, part_id: int) -> MovePart:
        view = await self._reels.view(guild_id_of(interaction), press.reel_id)
        place = view.place_of(part_id)
        if place is None:
            raise ReelRefused(ReelProblem.NO_SUCH_PART)
        return MovePart(part_id, place + (1 if press.action is ReelAction.LATER else -1))

    async def _add_card(self, interaction: discord.Interaction[Any], press: ReelPress, entered: dict[str, str]) -> None:
        reel, actor = await self._room.actor(interaction, press.reel_id)
        at_the_end = entered.get(dialogs.WHERE, dialogs.AT_THE_END) == dialogs.AT_THE_END
        edit = AddCard(entered.get(dialogs.TEXT, ""), entered.get(dialogs.SECONDS, ""), at_the_end)
        view = await self._reels.edit(reel.guild_id, reel.id, None, edit, actor, key=interaction.id)
        new = view.parts[-1] if at_the_end else view.parts[0]
        await self._room.redraw(interaction, reel.id, page_of(view, new.id))

    async def _ask_deletion(self, interaction: discord.Interaction[Any], press: ReelPress) -> None:
        view = await self._editable(interaction, press)

        async def confirmed(again: discord.Interaction[Any]) -> None:
            _, actor = await self._room.actor(again, press.reel_id)
            reel = await self._reels.delete(guild_id_of(again), press.reel_id, press.version, actor)
            await answer(again, say("The reel is deleted. Its videos and films stay where they were posted."))
            await self._room.panels.remove(reel.guild_id, reel.panel_channel_id, reel.panel_message_id)

        question = say("Delete the reel **{title}** for everybody?", title=title_of(view.reel))
        await answer(interaction, question, ConfirmView(confirmed, yes=say_on("button", "Delete the reel")))

    async def _show_card(self, interaction: discord.Interaction[Any], press: ReelPress, note: str | None) -> None:
        """Show the private card on which was pressed, as the reel is now."""
        try:
            view = await self._reels.view(guild_id_of(interaction), press.reel_id)
        except ReelRefused as refused:
            await show(interaction, note_card(explain(refused) or ""))
            return
        part_id = _part_id(press)
        if part_id is not None:
            await self._show_part(interaction, view, part_id, note)
        else:
            await show(interaction, options_card(view, note))

    async def _show_part(
        self, interaction: discord.Interaction[Any], view: ReelView, part_id: int, note: str | None = None
    ) -> None:
        place = view.place_of(part_id)
        shown = [] if place is None else [(place, view.parts[place])]
        files = await self._room.panels.pictures(shown, interaction.channel_id or 0)
        picture = files[part_id].filename if part_id in files else None
        await show(interaction, part_card(view, part_id, picture, note), list(files.values()))

    async def _editable(self, interaction: discord.Interaction[Any], press: ReelPress) -> ReelView:
        """Return a reel that the member may change, and that has the version on which was pressed."""
        reel, actor = await self._room.actor(interaction, press.reel_id)
        return await self._reels.editable(reel.guild_id, reel.id, press.version, actor)


def _edit_of(press: ReelPress, values: list[str]) -> ReelEdit:
    part_id = _part_id(press)
    match press.action:
        case ReelAction.EARLIER | ReelAction.LATER:
            return MovePart(part_id or 0, 0)
        case ReelAction.CUT_OUT:
            return CutOut(part_id or 0)
        case ReelAction.ACCESS:
            return SetAccess(ReelAccess(values[0]))
        case ReelAction.NAMED:
            return SetNamed(tuple(map(int, values)))
        case ReelAction.FIT:
            return SetFit(Fit(press.argument))
        case ReelAction.CREDITS:
            return ShowCredits(press.argument == "on")
        case ReelAction.DROP_BACKGROUND:
            return DropBackground()
        case action:
            return _OF_PARTS[action](part_id)


def _entered_edit(press: ReelPress, entered: dict[str, str]) -> ReelEdit:
    part_id = _part_id(press) or 0
    match press.action:
        case ReelAction.MOVE:
            return MovePart(part_id, read_place(entered.get(dialogs.PLACE, "")))
        case ReelAction.TRIM:
            return Trim(part_id, entered.get(dialogs.START, ""), entered.get(dialogs.END, ""))
        case ReelAction.WORDS:
            return ChangeCard(part_id, entered.get(dialogs.TEXT, ""), entered.get(dialogs.SECONDS, ""))
        case _:
            return Rename(entered.get(dialogs.TITLE, ""))


def _dialog(view: ReelView, press: ReelPress) -> discord.ui.Modal:
    """Return the dialog of an action. Raises ReelRefused where its part is not in the reel any more."""
    if press.action is ReelAction.CARD:
        return dialogs.card_dialog(press)
    if press.action is ReelAction.RENAME:
        return dialogs.title_dialog(press, view.reel.title)
    part_id = _part_id(press)
    place = None if part_id is None else view.place_of(part_id)
    part: ReelPart | None = None if place is None else view.parts[place]
    match press.action, part:
        case ReelAction.MOVE, ReelClip() | TitleCard():
            return dialogs.move_dialog(press, place or 0, len(view.parts))
        case ReelAction.TRIM, ReelClip():
            return dialogs.trim_dialog(press, part)
        case ReelAction.WORDS, TitleCard():
            return dialogs.card_dialog(press, part)
        case _:
            raise ReelRefused(ReelProblem.NO_SUCH_PART)


def _part_id(press: ReelPress) -> int | None:
    """Return the part that a control is about; None for those of the whole reel."""
    of_part = press.action not in (ReelAction.FIT, ReelAction.CREDITS)
    return int(press.argument) if of_part and press.argument.isdigit() else None
