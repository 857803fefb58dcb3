"""A bot with one of everything that a page must show, so that the page is tested apart from the product's own bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from sandbox.discord import DiscordSandbox
from tests.support.discord_py import field_of, point_discord_py_at

CITIES = ["Aachen", "Bergen", "Cádiz", "Dubrovnik", "Évora", "Bern", "Berlin"]


class EveryField(ui.Modal, title="One of each field"):
    """Five fields, as many as a modal takes."""

    words: ui.Label[Any] = ui.Label(
        text="Words",
        description="What to say",
        component=ui.TextInput(custom_id="words", max_length=30, default="hello"),
    )
    long: ui.Label[Any] = ui.Label(
        text="Long text",
        component=ui.TextInput(custom_id="long", style=discord.TextStyle.paragraph, required=False, max_length=300),
    )
    ratio: ui.Label[Any] = ui.Label(
        text="Ratio",
        component=ui.Select(
            custom_id="ratio",
            options=[discord.SelectOption(label=r, description=f"{r} it is") for r in ("16:9", "9:16")],
        ),
    )
    person: ui.Label[Any] = ui.Label(text="Person", component=ui.UserSelect(custom_id="person", required=False))
    still: ui.Label[Any] = ui.Label(text="Still", component=ui.FileUpload(custom_id="still", required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        people = [one.name for one in field_of(self.person).values]
        files = [f"{one.filename} of {one.size} bytes" for one in field_of(self.still).values]
        text = f"{field_of(self.words).value} / {field_of(self.ratio).values[0]} / {people} / {files}"
        await interaction.response.send_message(f"got {text}", ephemeral=True)


class Choices(ui.Modal, title="Boxes and circles"):
    """The other kinds of fields."""

    one: ui.Label[Any] = ui.Label(
        text="One of these",
        component=ui.RadioGroup(
            custom_id="one", options=[discord.RadioGroupOption(label=n, value=n.lower()) for n in ("Red", "Green")]
        ),
    )
    some: ui.Label[Any] = ui.Label(
        text="Some of these",
        component=ui.CheckboxGroup(
            custom_id="some",
            required=False,
            min_values=0,
            options=[discord.CheckboxGroupOption(label=n, value=n.lower()) for n in ("Fast", "Loud")],
        ),
    )
    sure: ui.Label[Any] = ui.Label(text="Sure?", component=ui.Checkbox(custom_id="sure"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        values = (field_of(self.one).value, field_of(self.some).values, field_of(self.sure).value)
        await interaction.response.send_message(f"got {values}", ephemeral=True)


class Panel(ui.View):
    """A row of buttons and a select, under the text."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.presses = 0

    @ui.button(label="Count", custom_id="count", style=discord.ButtonStyle.primary)
    async def count(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        self.presses += 1
        await interaction.response.edit_message(content=f"pressed {self.presses}")

    @ui.button(label="Form", custom_id="form")
    async def form(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        await interaction.response.send_modal(EveryField(custom_id="every"))

    @ui.button(label="Silent", custom_id="silent", style=discord.ButtonStyle.danger)
    async def silent(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        """Does not answer."""

    @ui.button(label="Off", custom_id="off", disabled=True)
    async def off(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        """Cannot be pressed."""

    @ui.select(
        custom_id="colours",
        placeholder="Colours",
        min_values=1,
        max_values=2,
        options=[discord.SelectOption(label=n, description=f"{n} as can be") for n in ("Red", "Green", "Blue")],
    )
    async def colours(self, interaction: discord.Interaction, select: ui.Select["Panel"]) -> None:
        await interaction.response.send_message(f"chose {' and '.join(select.values)}", ephemeral=True)

    @ui.select(custom_id="who", cls=ui.UserSelect, placeholder="Someone")
    async def who(self, interaction: discord.Interaction, select: ui.UserSelect["Panel"]) -> None:
        await interaction.response.send_message(f"chose {select.values[0].name}", ephemeral=True)


class Puppet(discord.Client):
    """`go` lets slow commands end, `suggest` lets autocomplete answer, which it does from the start."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None, guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.go = asyncio.Event()
        self.ready = asyncio.Event()
        self.suggest = asyncio.Event()
        self.suggest.set()
        self._add_commands()

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        await self.tree.sync()

    async def on_ready(self) -> None:
        self.ready.set()

    def _add_commands(self) -> None:
        group = app_commands.Group(name="demo", description="One of everything")

        @group.command(description="Say what was given")
        @app_commands.describe(text="What to say", count="How often", mood="In which mood")
        @app_commands.choices(mood=[app_commands.Choice(name=n, value=n.lower()) for n in ("Calm", "Merry", "Wild")])
        async def echo(
            interaction: discord.Interaction,
            text: app_commands.Range[str, 1, 40],
            mood: str,
            count: app_commands.Range[int, 1, 5] | None = None,
            loud: bool | None = None,
            person: discord.User | None = None,
            role: discord.Role | None = None,
            place: discord.TextChannel | None = None,
            picture: discord.Attachment | None = None,
        ) -> None:
            given: dict[str, object] = {"text": text, "mood": mood, "count": count, "loud": loud}
            given |= {"person": person and person.name, "role": role and role.name, "place": place and place.name}
            given["picture"] = picture and f"{picture.filename} of {picture.size} bytes"
            await interaction.response.send_message(", ".join(f"{k}={v}" for k, v in given.items() if v is not None))

        @group.command(description="Suggests cities")
        async def travel(interaction: discord.Interaction, city: str) -> None:
            await interaction.response.send_message(f"off to {city}")

        @travel.autocomplete("city")
        async def cities(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
            await self.suggest.wait()
            return [app_commands.Choice(name=c, value=c) for c in CITIES if c.lower().startswith(current.lower())]

        @group.command(description="Never answers")
        async def silent(interaction: discord.Interaction) -> None:
            """Says nothing."""

        @group.command(description="Thinks until it is let go")
        async def slow(interaction: discord.Interaction) -> None:
            await interaction.response.defer()
            await self.go.wait()
            await interaction.edit_original_response(content="thought **enough**")

        @group.command(description="Answers privately")
        async def whisper(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("psst", ephemeral=True)

        @group.command(description="Buttons and selects")
        async def panel(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("a panel", view=Panel())

        @group.command(description="Opens a dialog")
        async def form(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(EveryField(custom_id="every"))

        @group.command(description="Opens another dialog")
        async def boxes(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(Choices(custom_id="choices"))

        self.tree.add_command(group)

        @self.tree.command(description="For moderators only")
        @app_commands.default_permissions(manage_guild=True)
        async def moderate(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("moderated", ephemeral=True)

        @self.tree.context_menu(name="Count words")
        async def count_words(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"{len(message.content.split())} words", ephemeral=True)

        @self.tree.context_menu(name="Who is it")
        async def who_is(interaction: discord.Interaction, user: discord.User) -> None:
            await interaction.response.send_message(f"it is {user.name}", ephemeral=True)


@asynccontextmanager
async def puppet_in(sandbox: DiscordSandbox) -> AsyncIterator[Puppet]:
    """The bot, logged in to the sandbox."""
    with pytest.MonkeyPatch.context() as patch:
        point_discord_py_at(sandbox, patch)
        puppet = Puppet()
        task = asyncio.create_task(puppet.start(sandbox.token))
        try:
            async with asyncio.timeout(10):
                await puppet.ready.wait()
            yield puppet
        finally:
            await puppet.close()
            await asyncio.gather(task, return_exceptions=True)
