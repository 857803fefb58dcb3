"""The message menus "Animate this image" and "Remix this video", and the dialog that asks for model and prompt."""

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.access import require_access
from bot.discord_ui.interactions.answers import acknowledge, answer
from bot.discord_ui.interactions.attachments import first_file, models_for
from bot.discord_ui.interactions.permissions import missing_permissions, permission_names, require_leave
from bot.discord_ui.interactions.places import is_age_restricted
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.language.speaking import mark, mark_on, say, say_on
from bot.discord_ui.views.prompt_dialog import from_message_dialog
from bot.discord_ui.views.request_words import NOTHING_CHARGED, lacking, no_models
from bot.domain.attachments import MediaKind
from bot.domain.capabilities import Need
from bot.domain.problems import OptionValue
from bot.domain.request import GenerationRequest

FETCH_SECONDS = 1.0
"""Seconds for which the answer waits for the message. Beyond them the interaction is acknowledged."""
TITLES = {
    MediaKind.IMAGE: mark_on("menu", "Animate this image"),
    MediaKind.VIDEO: mark_on("menu", "Remix this video"),
}
"""What is chosen in the menu of a message, and the title of the dialog that opens."""
_NONE_ATTACHED = {
    MediaKind.IMAGE: mark("There is no image attached to that message."),
    MediaKind.VIDEO: mark("There is no video attached to that message."),
}
_NO_MODEL = {
    MediaKind.IMAGE: mark("No model here works from one image alone."),
    MediaKind.VIDEO: mark("No model here works from one video alone."),
}
_NOT_SEEN = {
    MediaKind.IMAGE: mark("I can no longer see the image in that message."),
    MediaKind.VIDEO: mark("I can no longer see the video in that message."),
}


class Remix(commands.Cog):
    """Opens the dialog for a file in a message, and requests a video from it."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._catalogue = bot.services.catalogue
        self._request_flow = bot.request_flow
        self._menus = [self._menu(kind) for kind in TITLES]
        bot.handlers.file_chosen = self.request

    def _menu(self, kind: MediaKind) -> app_commands.ContextMenu:
        async def chosen(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            await self._open(interaction, message, kind)

        menu = app_commands.ContextMenu(name=TITLES[kind], callback=chosen)
        return app_commands.guild_only(menu)

    async def cog_load(self) -> None:
        """Add the menus to the tree. discord.py does not let a class declare them."""
        for menu in self._menus:
            self._bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take the menus out of the tree."""
        for menu in self._menus:
            self._bot.tree.remove_command(menu.name, type=menu.type)

    async def _open(self, interaction: discord.Interaction[Any], message: discord.Message, kind: MediaKind) -> None:
        _require_leave(interaction)
        await require_standing(interaction, self._bot.services)
        settings = await require_access(interaction, self._bot.services)
        catalogue = self._catalogue.current
        able = models_for(catalogue, kind) if catalogue is not None else []
        kept_away = await self._kept_away(interaction)
        models = [
            (model, option)
            for model, option in able
            if settings.allows_model(model.slug) and model.slug not in kept_away
        ]
        if first_file(message, kind) is None:
            await answer(interaction, say(_NONE_ATTACHED[kind]))
        elif not models:
            unknown = no_models(key_refused=self._catalogue.key_refused)
            await answer(interaction, unknown if catalogue is None else say(_NO_MODEL[kind]))
        elif missing := missing_permissions(interaction):
            await answer(interaction, lacking(permission_names(missing)))
        else:
            required = all(model.prompt is Need.REQUIRED for model, _ in models)
            offered = [model for model, _ in models]
            await interaction.response.send_modal(
                from_message_dialog(kind, message.id, say_on("menu", TITLES[kind]), offered, offered[0].slug, required)
            )

    async def _kept_away(self, interaction: discord.Interaction[Any]) -> frozenset[str]:
        """Return the models that may not be used in this channel."""
        if is_age_restricted(interaction):
            return frozenset()
        return await self._bot.services.age_restriction.models()

    async def request(
        self, interaction: discord.Interaction[Any], kind: MediaKind, message_id: int, chosen: list[str], prompt: str
    ) -> None:
        """Request a video from what was entered in the dialog."""
        _require_leave(interaction)
        catalogue = self._catalogue.current
        options = {model.slug: option for model, option in models_for(catalogue, kind)} if catalogue else {}
        if len(chosen) != 1 or chosen[0] not in options:
            one = say("Please choose exactly one of the models.")
            await answer(interaction, f"{one} {say(NOTHING_CHARGED)}")
            return
        channel = self._bot.get_partial_messageable(interaction.channel_id or 0, guild_id=interaction.guild_id)
        # Fetched again because the addresses of attachments run out.
        fetching = asyncio.create_task(channel.fetch_message(message_id))
        await asyncio.wait({fetching}, timeout=FETCH_SECONDS)
        if not fetching.done():
            await acknowledge(interaction)
        try:
            file = first_file(await fetching, kind)
        except (discord.NotFound, discord.Forbidden):
            file = None
        if file is None:
            await answer(interaction, f"{say(_NOT_SEEN[kind])} {say(NOTHING_CHARGED)}")
            return
        values: dict[str, OptionValue] = {options[chosen[0]]: file}
        if prompt:
            values["prompt"] = prompt
        await self._request_flow.begin(interaction, GenerationRequest(chosen[0], values))


def _require_leave(interaction: discord.Interaction[Any]) -> None:
    """Require what the command for a file requires, and that the member may read the message that has the file."""
    require_leave(interaction, attaches=True)
    if not interaction.permissions.read_message_history:
        raise app_commands.MissingPermissions(["read_message_history"])


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Remix(bot))
