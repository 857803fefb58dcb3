"""The page of the panel about models: which may be used, and which is used where nobody names one."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.language.speaking import mark, say, say_many, say_on
from bot.discord_ui.views.escaping import escape
from bot.discord_ui.views.guild_setting_words import listed, setting_name, value_words
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, SELECT_DESCRIPTION_MAX, cut
from bot.discord_ui.views.model_words import price_words
from bot.discord_ui.views.settings_panel.controls import act_button, string_select
from bot.discord_ui.views.settings_panel.frame import text_of
from bot.discord_ui.views.words import NameOf, pair
from bot.domain.capabilities import Capability
from bot.domain.guild_settings import GuildSetting, SettingsView, fingerprint, stored_value

PAGE = "models"
TITLE = mark("Models")
ALLOW_ALL = "allow_all"
"""The action of the button that allows all models."""
SELECTS_MAX = 4
"""Lists of models for each setting: a message holds 40 components. Models beyond are told in words."""


def models_items(
    view: SettingsView, models: Sequence[Capability], name_of: NameOf, age_restricted: Collection[str]
) -> list[discord.ui.Item[Any]]:
    """Return the page. `models` are those that the provider offers now.

    `age_restricted` are the slugs of models that the bot's owner keeps to age-restricted channels.
    """
    settings = view.settings
    # A select takes values of up to 100 characters; a model with a longer slug keeps what it has.
    ordered = sorted((m for m in models if len(m.slug) <= CHOICE_MAX), key=lambda model: model.name.casefold())
    offered = ordered[: SELECTS_MAX * CHOICES_MAX]
    seen = {name: fingerprint(stored_value(settings, name)) for name in GuildSetting}
    default, allowed = GuildSetting.DEFAULT_MODEL, GuildSetting.ALLOWED_MODELS

    words = value_words(default, stored_value(settings, default), name_of)
    if settings.default_model is not None and settings.default_model not in {model.slug for model in models}:
        words = say("{model} (the provider does not offer it at the moment, so members choose)", model=words)
    elif settings.default_model is not None and not settings.allows_model(settings.default_model):
        words = say("{model} (it is not allowed here, so members choose)", model=words)
    items: list[discord.ui.Item[Any]] = [text_of(view, default, words)]
    selectable = [model for model in offered if settings.allows_model(model.slug)]
    items += _selects(default, seen[default], selectable, {settings.default_model or ""}, several=False)

    words = value_words(allowed, stored_value(settings, allowed), name_of)
    items.append(text_of(view, allowed, words))
    chosen = {model.slug for model in offered if settings.allows_model(model.slug)}
    items += _selects(allowed, seen[allowed], offered, chosen, several=True)
    if settings.allowed_models is not None:
        control = Control(PAGE, ALLOW_ALL, f"0.{seen[allowed]}")
        items.append(discord.ui.ActionRow(act_button(control, say_on("button", "Allow all models, new ones too"))))
    if (more := len(models) - len(offered)) > 0:
        words = say_many(
            "{count} more model does not fit on this page.", "{count} more models do not fit on this page.", more
        )
        items.append(discord.ui.TextDisplay(f"-# {words}"))
    name, value = age_entry(age_restricted, name_of)
    hint, origin = say("They can be used in age-restricted channels only."), say("The bot's owner chooses them.")
    items.append(discord.ui.TextDisplay(f"{pair(f'**{name}**', value)}\n{hint}\n-# {origin}"))
    return items


def age_entry(age_restricted: Collection[str], name_of: NameOf) -> tuple[str, str]:
    """Return what the overview says of age-restricted models: a name, and the models in words."""
    return say("Age-restricted models"), listed(escape(name_of(slug)) for slug in sorted(age_restricted)) or say("none")


def nothing_allowed() -> str:
    """Return the note where a moderator took the last model away."""
    name = setting_name(GuildSetting.ALLOWED_MODELS)
    return say("{setting}: at least one has to stay, so nothing was changed.", setting=name)


def _selects(
    setting: GuildSetting, seen: str, models: Sequence[Capability], chosen: set[str], *, several: bool
) -> Iterator[discord.ui.Item[Any]]:
    chunks = [models[start : start + CHOICES_MAX] for start in range(0, len(models), CHOICES_MAX)]
    for number, chunk in enumerate(chunks):
        placeholder = setting_name(setting)
        if len(chunks) > 1:
            first, last = chunk[0].name, chunk[-1].name
            placeholder = say("{setting}: {first} to {last}", setting=placeholder, first=first, last=last)
        yield string_select(
            Control(PAGE, setting, f"{number}.{seen}"),
            [_option(model, chosen) for model in chunk],
            cut(placeholder, 150),
            high=len(chunk) if several else 1,
        )


def _option(model: Capability, chosen: set[str]) -> discord.SelectOption:
    return discord.SelectOption(
        label=cut(model.name, 100),
        value=model.slug,
        description=cut(price_words(model), SELECT_DESCRIPTION_MAX),
        default=model.slug in chosen,
    )
