"""The part of `/owner` about what nobody may ask for: the word list for all servers, and age-restricted models."""

import io
from typing import Any

import discord
from discord import app_commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import answer, give_files
from bot.discord_ui.interactions.entered_file import file_text
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.language.speaking import mark_on
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, cut, length
from bot.discord_ui.views.settings_panel.words import FILE_NAME
from bot.discord_ui.views.word_list_words import (
    added_note,
    age_restricted_list,
    age_restricted_note,
    dry_run_note,
    owners_list,
    removed_note,
)
from bot.domain.model_choice import named
from bot.domain.moderation import ALL_GUILDS
from bot.domain.refusals import Impossible, NotPossible
from cogs.owner._base import OwnerPart


class OwnerModeration(OwnerPart):
    """Commands about what is forbidden in every server."""

    def __init__(self, bot: ReelBot) -> None:
        super().__init__(bot)
        self._lists = bot.services.word_lists
        self._age_restriction = bot.services.age_restriction
        self._catalogue = bot.services.catalogue

    @app_commands.command(
        description=mark_on("command", "The word list for all servers: change it, try a text, or have it as a file")
    )
    @app_commands.describe(
        add=mark_on("command", "An entry to add: a word, a phrase, part of a word*, or /a pattern/"),
        remove=mark_on("command", "An entry to remove, as it stands on the list"),
        text=mark_on("command", "A prompt to try: would the list stop it?"),
        file=mark_on("command", "A text file with entries to add, one a line"),
    )
    @privately
    async def words(
        self,
        interaction: discord.Interaction[Any],
        add: str | None = None,
        remove: str | None = None,
        text: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Change the owner's list, or try a text. Without an option, send it as a file."""
        actor_id = interaction.user.id
        notes = []
        if file is not None:
            notes.append(added_note(await self._lists.add(ALL_GUILDS, actor_id, await file_text(file.size, file.url))))
        if add is not None:
            notes.append(added_note(await self._lists.add(ALL_GUILDS, actor_id, add)))
        if remove is not None:
            entry = " ".join(remove.split())
            notes.append(removed_note(await self._lists.remove(ALL_GUILDS, actor_id, [entry])))
        if text is not None:
            notes.append(dry_run_note(text, await self._lists.dry_run(ALL_GUILDS, text), owners_alone=True))
        if notes:
            await answer(interaction, "\n".join(notes))
            return
        entries = await self._lists.entries(ALL_GUILDS)
        summary = owners_list(len(entries))
        if entries:
            listed = discord.File(io.BytesIO("\n".join(entries).encode()), FILE_NAME)
            await give_files(interaction, summary, [listed])
        else:
            await answer(interaction, summary)

    @words.autocomplete("remove")
    async def _entries(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        if interaction.user.id not in self._owners:
            return []
        entries = await self._lists.entries(ALL_GUILDS)
        found = [one for one in entries if current.casefold() in one.casefold() and length(one) <= CHOICE_MAX]
        return [app_commands.Choice(name=one, value=one) for one in found[:CHOICES_MAX]]

    @app_commands.command(
        description=mark_on("command", "Keep a model to age-restricted channels, or list those that are kept to them")
    )
    @app_commands.describe(
        model=mark_on("command", "The model; without one: list them"),
        lift=mark_on("command", "Let it be used in every channel again"),
    )
    @privately
    async def age_restricted(
        self, interaction: discord.Interaction[Any], model: str | None = None, lift: bool = False
    ) -> None:
        """Mark a model, or show those that are marked."""
        if model is None:
            marked = sorted(await self._age_restriction.models())
            await answer(interaction, age_restricted_list([self._catalogue.name_of(slug) for slug in marked]))
            return
        slug = await self._slug(model)
        await self._age_restriction.change(slug, interaction.user.id, on=not lift)
        await answer(interaction, age_restricted_note(self._catalogue.name_of(slug), on=not lift))

    @age_restricted.autocomplete("model")
    async def _models(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        catalogue = self._catalogue.current
        if interaction.user.id not in self._owners or catalogue is None:
            return []
        found = [model for model in catalogue.models if current.casefold() in f"{model.name} {model.slug}".casefold()]
        return [
            app_commands.Choice(name=cut(model.name, CHOICE_MAX), value=model.slug)
            for model in found
            if length(model.slug) <= CHOICE_MAX
        ][:CHOICES_MAX]

    async def _slug(self, typed: str) -> str:
        """Return the model that was named. One that left the catalogue is known while it is marked."""
        catalogue = self._catalogue.current
        found = named(catalogue, typed) if catalogue is not None else ()
        if len(found) == 1:
            return found[0].slug
        if typed.strip() in await self._age_restriction.models():
            return typed.strip()
        raise NotPossible(Impossible.NO_SUCH_MODEL)
