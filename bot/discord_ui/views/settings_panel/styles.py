"""The page of the panel about styles: words that members can put around their prompts."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say, say_on
from bot.discord_ui.views.escaping import escape, excerpt
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, cut, cut_lines, fitting_lines
from bot.discord_ui.views.settings_panel.controls import act_button, ask_button, dialog, string_select
from bot.discord_ui.views.settings_panel.frame import Origin, origin_words
from bot.discord_ui.views.style_words import fixed_words
from bot.domain.styles import NAME_MAX, PLACEHOLDER, STYLES_MAX, TEMPLATE_MAX, VALUE_MAX, Style, StyleDraft

PAGE = "styles"
TITLE = mark("Styles")
LOOK, ADD, EDIT, REMOVE = "look", "add", "edit", "remove"
NAME, TEMPLATE = "name", "template"
"""Custom ids of the dialog's fields, beside those of FIXABLE."""
LIST_MAX = 1_400
"""Characters of the list. Together with a whole template the page stays within Discord's 4,000."""
WHOLE_MAX = 1_600
"""Characters of a template that is shown whole. One that has many signs of markdown is longer than it was typed."""
LINE_TEMPLATE_MAX = 60
"""Characters of a template in the list."""
_HINT = mark(
    "Members choose one with `style:`, and its words go around their prompt. What a style fixes holds where the model "
    "has such an option and the member chose nothing else."
)


def styles_items(styles: Sequence[Style], shown_id: int | None) -> list[discord.ui.Item[Any]]:
    """Return the page. `shown_id` names the style that is shown whole; None for none."""
    items: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay(_list(styles))]
    shown = next((style for style in styles if style.id == shown_id), None)
    if styles:
        options = [
            discord.SelectOption(label=cut(style.name, CHOICE_MAX), value=str(style.id), default=style is shown)
            for style in styles[:CHOICES_MAX]
        ]
        items.append(string_select(Control(PAGE, LOOK), options, say_on("placeholder", "Look at one…"), low=1))
    if shown is not None:
        items.append(discord.ui.TextDisplay(_whole(shown)))
        argument = f"{shown.id}.{shown.draft.seen}"
        items.append(
            discord.ui.ActionRow(
                ask_button(Control(PAGE, EDIT, argument), say_on("button", "Edit…")),
                act_button(Control(PAGE, REMOVE, argument), say_on("button", "Remove")),
            )
        )
    if len(styles) < STYLES_MAX:
        items.append(discord.ui.ActionRow(ask_button(Control(PAGE, ADD), say_on("button", "Add a style…"))))
    return items


def style_dialog(control: Control, draft: StyleDraft | None) -> discord.ui.Modal:
    """Return the dialog for a style. What is in `draft` stands in its fields; None for a new style."""
    if draft is None:
        asked = dialog(control, say_on("title", "Add a style"))
    else:
        asked = dialog(control, say_on("title", "Edit a style"))
    name: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=NAME,
        default=None if draft is None else draft.name,
        max_length=NAME_MAX,
        placeholder=say_on("placeholder", "Film noir"),
    )
    asked.add_item(discord.ui.Label(text=say_on("label", "Name"), component=name))
    template: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=TEMPLATE,
        style=discord.TextStyle.paragraph,
        default=PLACEHOLDER if draft is None else draft.template,
        max_length=TEMPLATE_MAX,
        placeholder=say_on("placeholder", "{prompt}, black and white, hard shadows, rain on the windows"),
    )
    asked.add_item(
        discord.ui.Label(
            text=say_on("label", "Template"),
            description=say_on("command", "The words around a prompt, which goes in once, as {prompt}"),
            component=template,
        )
    )
    for option, (label, example) in _fields().items():
        value = None if draft is None else draft.options.get(option)
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=option,
            default=None if value is None else str(value),
            required=False,
            max_length=VALUE_MAX,
            placeholder=example,
        )
        asked.add_item(
            discord.ui.Label(
                text=label,
                description=say_on("command", "Left empty, the member or the model decides."),
                component=field,
            )
        )
    return asked


def styles_summary(count: int) -> str:
    """Return how many styles there are, for the overview."""
    if not count:
        return say("none")
    return say("{number} of {maximum}", number=count, maximum=STYLES_MAX)


def saved_note(name: str) -> str:
    """Return the note after a style was saved."""
    return say("✅ The style “{style}” is saved.", style=excerpt(name, NAME_MAX))


def removed_note(name: str) -> str:
    """Return the note after a style was removed."""
    return say(
        "✅ The style “{style}” is removed. Videos that were made with it keep it, also when they are made again.",
        style=excerpt(name, NAME_MAX),
    )


def _fields() -> Mapping[str, tuple[str, str]]:
    """Return label and example of the field of each fixable option."""
    return {
        "aspect_ratio": (say_on("label", "Aspect ratio"), "16:9"),
        "duration": (say_on("label", "Length in seconds"), "8"),
        "quality": (say_on("label", "Quality"), "1080p"),
    }


def _list(styles: Sequence[Style]) -> str:
    lines = [say("**Styles**: {count}", count=styles_summary(len(styles))), say(_HINT)]
    listed = [_line(style) for style in styles]
    return "\n".join([*lines, *filter(None, [fitting_lines(listed, LIST_MAX)])])


def _line(style: Style) -> str:
    template = excerpt(style.draft.template, LINE_TEMPLATE_MAX)
    fixed = "".join(f" · {escape(words)}" for words in fixed_words(style.draft.options))
    return f"- **{excerpt(style.name, NAME_MAX)}**{fixed}: {template}"


def _whole(style: Style) -> str:
    fixed = fixed_words(style.draft.options)
    template = cut_lines(excerpt(style.draft.template, TEMPLATE_MAX), WHOLE_MAX)
    lines = [f"**{excerpt(style.name, NAME_MAX)}**", f"> {template}"]
    if fixed:
        lines.append(say("Fixed: {options}", options=escape(" · ".join(fixed))))
    lines.append(f"-# {origin_words(Origin(style.actor_id, style.changed_at))}")
    return "\n".join(lines)
