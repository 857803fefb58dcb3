"""The private cards of a reel: one part with what can be done to it, and what holds for the whole reel."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.reel_press import ReelAction, ReelPress
from bot.discord_ui.language.speaking import mark_on, say, say_many, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.links import message_address
from bot.discord_ui.views.message_limits import (
    CHOICE_MAX,
    SELECT_DESCRIPTION_MAX,
    cut,
    cut_lines,
    fitting_lines,
)
from bot.discord_ui.views.reel_panel.controls import people_select, reel_button, reel_select
from bot.discord_ui.views.reel_panel.panel import part_item
from bot.discord_ui.views.reel_panel.words import length_words, plain_title, title_of
from bot.discord_ui.views.words import file_size, relative
from bot.domain.films import Fit, Transition
from bot.domain.reel_rules import NAMED_MAX, other_fit
from bot.domain.reels import Reel, ReelAccess, ReelClip
from bot.services.reel_views import Added, ReelLine, ReelView

REELS_OFFERED_MAX = 24
"""Reels that a select offers; one more choice makes a new one."""
NEW_REEL = "new"
"""The choice of a select that makes a new reel."""
LISTED_MAX = 18
"""Reels that a list shows."""
LINES_A_TEXT = 6
TEXT_MAX = 1_200
"""Characters of LINES_A_TEXT lines: three of such texts, a heading and links to commands have room in a message."""
NOTE_MAX = 600
"""Characters of a note that are shown."""
_ACCESS_LABELS = {
    ReelAccess.EVERYBODY: mark_on("choice", "Everybody may add clips"),
    ReelAccess.NAMED: mark_on("choice", "Only people whom you name may add clips"),
    ReelAccess.CLOSED: mark_on("choice", "Nobody else: the reel is closed"),
}
_DANGER = discord.ButtonStyle.danger


def part_card(view: ReelView, part_id: int, picture: str | None, note: str | None = None) -> discord.ui.LayoutView:
    """Return the card of a part. `picture` names its attached picture. `note` says what was just done, or why not."""
    place = view.place_of(part_id)
    if place is None:
        return note_card(note or say("This is not in the reel any more."))
    part = view.parts[place]
    container = _container(note)
    container.add_item(part_item(part, place, picture))
    container.add_item(
        discord.ui.ActionRow(
            reel_button(_on(view, ReelAction.EARLIER, part_id), say_on("button", "Earlier"), disabled=place == 0),
            reel_button(
                _on(view, ReelAction.LATER, part_id),
                say_on("button", "Later"),
                disabled=place == len(view.parts) - 1,
            ),
            reel_button(_on(view, ReelAction.MOVE, part_id), say_on("button", "Move to…")),
            reel_button(_on(view, ReelAction.CUT_OUT, part_id), say_on("button", "Cut out"), _DANGER),
        )
    )
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if isinstance(part, ReelClip):
        row.add_item(reel_button(_on(view, ReelAction.TRIM, part_id), say_on("button", "Trim…")))
    else:
        row.add_item(reel_button(_on(view, ReelAction.WORDS, part_id), say_on("button", "Change the words…")))
    if part.transition is Transition.CUT:
        row.add_item(reel_button(_on(view, ReelAction.FADE, part_id), say_on("button", "Fade in")))
    else:
        row.add_item(reel_button(_on(view, ReelAction.CUT, part_id), say_on("button", "No fade")))
    if isinstance(part, ReelClip):
        if part.sound:
            row.add_item(reel_button(_on(view, ReelAction.SILENCE, part_id), say_on("button", "Drop its sound")))
        else:
            row.add_item(reel_button(_on(view, ReelAction.SOUND, part_id), say_on("button", "Keep its sound")))
    container.add_item(row)
    return _layout(container)


def options_card(view: ReelView, note: str | None = None) -> discord.ui.LayoutView:
    """Return the card of what holds for the whole reel."""
    reel = view.reel
    container = _container(note)
    question = say("Who may add clips to this reel?")
    container.add_item(discord.ui.TextDisplay(f"## {title_of(reel)}\n{question}"))
    options = [
        discord.SelectOption(label=say_on("choice", label), value=access, default=access is reel.access)
        for access, label in _ACCESS_LABELS.items()
    ]
    container.add_item(reel_select(_on(view, ReelAction.ACCESS), options, say_on("placeholder", "Who may add clips")))
    container.add_item(
        people_select(
            _on(view, ReelAction.NAMED), list(view.named), say_on("placeholder", "Name people who may"), NAMED_MAX
        )
    )
    container.add_item(discord.ui.Separator())
    container.add_item(discord.ui.TextDisplay(_whole_words(view)))
    container.add_item(_film_row(view))
    container.add_item(_all_row(view))
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    row.add_item(reel_button(_on(view, ReelAction.RENAME), say_on("button", "Change the title…")))
    if view.background is not None:
        label = say_on("button", "Take the background sound away")
        row.add_item(reel_button(_on(view, ReelAction.DROP_BACKGROUND), label))
    row.add_item(reel_button(_on(view, ReelAction.DELETE), say_on("button", "Delete the reel"), _DANGER))
    container.add_item(row)
    return _layout(container)


def _whole_words(view: ReelView) -> str:
    if view.background is None:
        return say("No sound is mixed in behind the clips. `/reel add` takes one as an attached file.")
    name, size = excerpt(view.background.name, 60), file_size(view.background.size_bytes)
    return say("Behind the clips: 🎵 {name} ({size})", name=name, size=size)


def _film_row(view: ReelView) -> discord.ui.ActionRow[Any]:
    reel, row = view.reel, discord.ui.ActionRow[Any]()
    other = other_fit(reel.fit)
    fit_label = say_on("button", "Crop other shapes") if other is Fit.CROP else say_on("button", "Black bars instead")
    row.add_item(reel_button(_on(view, ReelAction.FIT, other), fit_label))
    if reel.credits:
        row.add_item(reel_button(_on(view, ReelAction.CREDITS, "off"), say_on("button", "No credits")))
    else:
        row.add_item(reel_button(_on(view, ReelAction.CREDITS, "on"), say_on("button", "With credits")))
    return row


def _all_row(view: ReelView) -> discord.ui.ActionRow[Any]:
    clips = [part for part in view.parts if isinstance(part, ReelClip)]
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if any(part.transition is Transition.CUT for part in view.parts) or not view.parts:
        row.add_item(reel_button(_on(view, ReelAction.FADE), say_on("button", "Fade between all")))
    else:
        row.add_item(reel_button(_on(view, ReelAction.CUT), say_on("button", "No fades")))
    if any(clip.sound for clip in clips) or not clips:
        row.add_item(reel_button(_on(view, ReelAction.SILENCE), say_on("button", "Drop the sound of all clips")))
    else:
        row.add_item(reel_button(_on(view, ReelAction.SOUND), say_on("button", "Keep the sound of all clips")))
    return row


def added_card(added: Added, panel: str | None) -> discord.ui.LayoutView:
    """Return the answer to whoever added clips. `panel` links the reel's panel."""
    number, title = added.place + 1, title_of(added.reel)
    words = say("Added to **{title}** as number {number}.", title=title, number=number)
    container = _container(words if panel is None else f"{words}\n{panel}")
    press = ReelPress(ReelAction.UNDO, added.reel.id, 0, str(added.part_ids[0]))
    container.add_item(discord.ui.ActionRow(reel_button(press, say_on("button", "Undo"))))
    return _layout(container)


def choose_card(reels: list[Reel], job_id: str) -> discord.ui.LayoutView:
    """Return the question to which reel a video is to be added. `reels` are those that were changed last first."""
    container = _container(say("To which reel?"))
    options = [
        discord.SelectOption(label=cut(plain_title(reel), CHOICE_MAX), value=str(reel.id))
        for reel in reels[:REELS_OFFERED_MAX]
    ]
    options.append(discord.SelectOption(label=say_on("choice", "A new reel…"), value=NEW_REEL))
    press = ReelPress(ReelAction.ADD, 0, 0, job_id)
    container.add_item(reel_select(press, options, say_on("placeholder", "Choose one reel")))
    return _layout(container)


def list_card(lines: Sequence[ReelLine]) -> discord.ui.LayoutView:
    """Return the reels of a server that were changed last, with links to their panels."""
    if not lines:
        return note_card(say("There are no reels here yet. `/reel new` begins one."))
    heading = say_many("{count} reel", "{count} reels", len(lines))
    container = _container(f"## {heading}")
    for start in range(0, LISTED_MAX, LINES_A_TEXT):
        if listed := lines[start : start + LINES_A_TEXT]:
            container.add_item(discord.ui.TextDisplay(fitting_lines(map(_reel_line, listed), TEXT_MAX)))
    if len(lines) > LISTED_MAX:
        container.add_item(discord.ui.TextDisplay(say("-# `/reel show` finds the others while you type their titles.")))
    return _layout(container)


def _reel_line(line: ReelLine) -> str:
    reel = line.reel
    words = say_many(
        "**{title}** · {count} part · changed {moment}",
        "**{title}** · {count} parts · changed {moment}",
        line.parts,
        title=excerpt(plain_title(reel), 50),
        moment=relative(reel.changed_at),
    )
    if reel.panel_channel_id is None or reel.panel_message_id is None:
        return f"- {words}"
    return f"- {words} {message_address(reel.guild_id, reel.panel_channel_id, reel.panel_message_id)}"


def note_card(note: str) -> discord.ui.LayoutView:
    """Return a card with nothing but words."""
    return _layout(_container(note))


def trimmed_words(clip: ReelClip) -> str:
    """Return how long a clip is, as the description of a field."""
    if clip.facts is None:
        return say_on("command", "In seconds")
    return cut(
        say_on("command", "In seconds; the clip has {length}", length=length_words(clip.facts.ms)),
        SELECT_DESCRIPTION_MAX,
    )


def _container(note: str | None) -> discord.ui.Container[Any]:
    container: discord.ui.Container[Any] = discord.ui.Container()
    if note is not None:
        container.add_item(discord.ui.TextDisplay(cut_lines(note, NOTE_MAX)))
    return container


def _layout(container: discord.ui.Container[Any]) -> discord.ui.LayoutView:
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(container)
    return layout


def _on(view: ReelView, action: ReelAction, argument: int | str = "") -> ReelPress:
    return ReelPress(action, view.reel.id, view.reel.version, str(argument))
