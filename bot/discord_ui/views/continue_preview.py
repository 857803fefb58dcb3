"""What a member sees who continues a clip: its last frame, the models that can, and the dialog for the prompt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.interactions.next_clip import NextClip
from bot.discord_ui.language.speaking import mark, say, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.message_limits import (
    ALTERNATIVE_TEXT_MAX,
    CHOICE_MAX,
    CHOICES_MAX,
    PLACEHOLDER_MAX,
    SELECT_DESCRIPTION_MAX,
    TEXT_INPUT_MAX,
    cut,
)
from bot.discord_ui.views.model_words import estimate_words, shown_name, usual_time
from bot.discord_ui.views.prompt_dialog import DIALOG_SECONDS, PROMPT
from bot.discord_ui.views.settings_words import settings
from bot.discord_ui.views.words import person
from bot.domain.attachments import ON_CARD
from bot.domain.capabilities import Capability, Need
from bot.domain.durations import Durations
from bot.domain.jobs import JOB_ID_LENGTH
from bot.domain.pricing import Estimate
from bot.domain.request import GenerationRequest
from bot.services.job_views import JobView

SELECTS_MAX = 4
"""Lists of models, each of at most 25."""
PROMPT_SHOWN = 300
"""Characters of the old prompt that are shown, for whoever wants to take words of it over."""
CLIPS_MAX = 10
"""Clips of one request that can be chosen from: a message has no more files."""

NO_MODEL = mark("No model that you may use here begins with a picture, so none can continue a video.")
NOT_A_VIDEO = mark("That message is not a video of mine, so I cannot continue it.")
NO_VIDEO = mark("There is no video to continue: this request ended without one.")
ONLY_IN_SERVERS = mark(
    "Videos are continued in servers only. `/jobs` in the server of this one can post it there, and **Continue** is "
    "below it then."
)
MODEL_GONE = mark("That model cannot continue this video any more. Please choose another one.")

_JOB = rf"(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})(?:-(?P<reel>[0-9]{{1,8}}))?"
_SLUG = r"(?P<slug>.{0,60})"
_MODEL = re.compile(rf"{PREFIX}:next-model:{_JOB}:(?P<position>[0-9]):[0-9]")
_CLIP = re.compile(rf"{PREFIX}:next-clip:{_JOB}:{_SLUG}")
_WRITE = re.compile(rf"{PREFIX}:next-write:{_JOB}:(?P<position>[0-9]):{_SLUG}", re.DOTALL)
_SAY = re.compile(rf"{PREFIX}:next-say:{_JOB}:(?P<position>[0-9]):{_SLUG}", re.DOTALL)


class NextModel(discord.ui.DynamicItem[discord.ui.Select[Any]], template=_MODEL):
    """Chooses the model that continues a clip."""

    def __init__(self, item: discord.ui.Select[Any], clip: NextClip) -> None:
        super().__init__(item)
        self.clip = clip

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the select anew when something is chosen in it."""
        return cls(_select(item), NextClip(match["job"], int(match["position"]), reel_id=_reel_of(match)))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the choice on."""
        chosen = replace(self.clip, model_slug=self.item.values[0])
        await handle(handlers_of(interaction).next_chosen, interaction, chosen)


class NextPosition(discord.ui.DynamicItem[discord.ui.Select[Any]], template=_CLIP):
    """Chooses which of several clips is continued."""

    def __init__(self, item: discord.ui.Select[Any], clip: NextClip) -> None:
        super().__init__(item)
        self.clip = clip

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the select anew when something is chosen in it."""
        return cls(_select(item), NextClip(match["job"], 0, match["slug"], _reel_of(match)))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the choice on."""
        chosen = replace(self.clip, position=int(self.item.values[0]))
        await handle(handlers_of(interaction).next_clip_chosen, interaction, chosen)


class NextWrite(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_WRITE):
    """Opens the dialog for the prompt."""

    def __init__(self, clip: NextClip) -> None:
        super().__init__(
            discord.ui.Button(
                label=say_on("button", "Write what happens next"),
                style=discord.ButtonStyle.primary,
                custom_id=f"{PREFIX}:next-write:{_clip_key(clip)}:{clip.position}:{clip.model_slug}",
            )
        )
        self.clip = clip

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(_clip_of(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).next_asked, interaction, self.clip)


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can continue a clip: what it would be asked for, what that costs and how long it takes."""

    model: Capability
    request: GenerationRequest
    price: Estimate
    durations: Durations


def preview(view: JobView, clip: NextClip, picture: str, count: int, offers: Sequence[Offer]) -> discord.ui.LayoutView:
    """Return the preview. `picture` is the name of the frame's file, `count` the number of the job's clips.

    `offers` are not empty. The first is chosen where `clip` names none of them.
    """
    chosen = next((offer for offer in offers if offer.model.slug == clip.model_slug), offers[0])
    clip = replace(clip, model_slug=chosen.model.slug)
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay(_heading(view)))
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
    gallery.add_item(media=f"{ON_CARD}{picture}", description=frame_words(view))
    container.add_item(gallery)
    if count > 1:
        container.add_item(discord.ui.ActionRow(_clip_select(clip, min(count, CLIPS_MAX))))
    pages = [offers[start : start + CHOICES_MAX] for start in range(0, len(offers), CHOICES_MAX)][:SELECTS_MAX]
    for number, page in enumerate(pages):
        container.add_item(discord.ui.ActionRow(_model_select(clip, number, page)))
    container.add_item(discord.ui.TextDisplay(_chosen_words(chosen)))
    container.add_item(discord.ui.ActionRow(NextWrite(clip)))
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(container)
    return layout


def frame_words(view: JobView) -> str:
    """Return what the frame is, for people who do not see it."""
    return cut(say("The last picture of a video by {model}", model=view.job.model_name), ALTERNATIVE_TEXT_MAX)


def next_dialog(clip: NextClip, model: Capability, old_prompt: str) -> discord.ui.Modal:
    """Return the dialog for the prompt.

    Its field is empty: the frame shows already how everything looks, and the old prompt again would make the same
    happen again. The beginning of the old prompt stands in it until something is written.
    """
    dialog = discord.ui.Modal(
        title=say_on("title", "Continue this video"),
        custom_id=f"{PREFIX}:next-say:{_clip_key(clip)}:{clip.position}:{clip.model_slug}",
        timeout=DIALOG_SECONDS,
    )
    before = say_on("placeholder", "What happens next? So far: {prompt}", prompt=old_prompt)
    placeholder = before if old_prompt.strip() else say_on("placeholder", "What happens next?")
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=PROMPT,
        style=discord.TextStyle.paragraph,
        placeholder=cut(placeholder, PLACEHOLDER_MAX),
        required=model.prompt is Need.REQUIRED,
        max_length=min(model.prompt_max or TEXT_INPUT_MAX, TEXT_INPUT_MAX),
    )
    dialog.add_item(
        discord.ui.Label(
            text=say_on("label", "Prompt"),
            description=say_on("command", "What happens after the last picture"),
            component=field,
        )
    )
    return dialog


def next_clip(custom_id: str) -> NextClip | None:
    """Return what a submitted dialog continues, or None for other dialogs."""
    match = _SAY.fullmatch(custom_id)
    return _clip_of(match) if match else None


def _clip_of(match: re.Match[str]) -> NextClip:
    return NextClip(match["job"], int(match["position"]), match["slug"], _reel_of(match))


def _reel_of(match: re.Match[str]) -> int:
    return int(match["reel"] or 0)


def _clip_key(clip: NextClip) -> str:
    return f"{clip.job_id}-{clip.reel_id}" if clip.reel_id else clip.job_id


def _select(item: discord.ui.Item[Any]) -> discord.ui.Select[Any]:
    if not isinstance(item, discord.ui.Select):
        raise TypeError("only selects choose")
    return item


def _heading(view: JobView) -> str:
    title = say("Continue a video")
    lines = [
        f"## {title}",
        say("{model} by {member}", model=f"**{excerpt(view.job.model_name, 80)}**", member=person(view.job.member_id)),
    ]
    if view.job.own_words.strip():
        lines.append(f"> {excerpt(view.job.own_words, PROMPT_SHOWN)}")
    lines.append(say("-# This is its last picture. The next video begins with it."))
    return "\n".join(lines)


def _chosen_words(chosen: Offer) -> str:
    usually = say("usually {time}", time=usual_time(chosen.durations))
    facts = [*settings(chosen.request), estimate_words(chosen.price), usually]
    return f"**{excerpt(shown_name(chosen.model), 80)}** · {' · '.join(facts)}"


def _model_select(clip: NextClip, number: int, offers: Sequence[Offer]) -> NextModel:
    options = [
        discord.SelectOption(
            label=cut(offer.model.name, CHOICE_MAX),
            value=offer.model.slug,
            description=cut(_price_and_time(offer), SELECT_DESCRIPTION_MAX),
            default=offer.model.slug == clip.model_slug,
        )
        for offer in offers
    ]
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=f"{PREFIX}:next-model:{_clip_key(clip)}:{clip.position}:{number}",
        placeholder=say_on("placeholder", "Choose the model that continues it"),
        options=options,
    )
    return NextModel(select, clip)


def _price_and_time(offer: Offer) -> str:
    usually = say("usually {time}", time=usual_time(offer.durations))
    return f"{estimate_words(offer.price)} · {usually}"


def _clip_select(clip: NextClip, count: int) -> NextPosition:
    options = [
        discord.SelectOption(
            label=say_on("choice", "Video {number} of {count}", number=position + 1, count=count),
            value=str(position),
            default=position == clip.position,
        )
        for position in range(count)
    ]
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=f"{PREFIX}:next-clip:{_clip_key(clip)}:{clip.model_slug}",
        placeholder=say_on("placeholder", "Choose which video"),
        options=options,
    )
    return NextPosition(select, clip)
