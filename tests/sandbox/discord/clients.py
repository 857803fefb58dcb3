"""The two clients of these tests: a discord.py bot with one of everything, and bare HTTP."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
import discord
from discord import app_commands, ui

from sandbox.discord import DiscordSandbox
from tests.support.discord_py import field_of

C = TypeVar("C", bound=discord.Client)

CLIP = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8


class Api:
    """`await api("POST", "/channels/1/messages", {...})` gives status, JSON and headers."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
        self.session = session
        self.sandbox = sandbox

    async def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        files: dict[str, bytes] | None = None,
        token: str | None = None,
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {token or self.sandbox.token}"}
        data: Any = None
        if files:
            data = aiohttp.FormData(quote_fields=False)
            data.add_field("payload_json", json.dumps(body))
            for index, (name, content) in enumerate(files.items()):
                data.add_field(f"files[{index}]", content, filename=name)
        kwargs = {"data": data} if files else {"json": body} if body is not None else {}
        async with self.session.request(method, self.sandbox.api_base + path, headers=headers, **kwargs) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def refused(self, method: str, path: str, body: Any = None, **kwargs: Any) -> tuple[int, int, str]:
        """Status, code, and the paths of the field errors as "a/b: CODE"."""
        status, answer = await self(method, path, body, **kwargs)
        assert status >= 400, answer
        return status, answer["code"], " ".join(leaves(answer.get("errors", {})))


def leaves(tree: Any, path: str = "") -> list[str]:
    found = [f"{path}: {error['code']}" for error in tree.get("_errors", [])]
    for key, child in tree.items():
        if key != "_errors":
            found += leaves(child, f"{path}/{key}".strip("/"))
    return found


class AskTitle(ui.Modal, title="Title"):
    headline: ui.Label[Any] = ui.Label(text="Headline", component=ui.TextInput(custom_id="headline", max_length=20))
    ratio: ui.Label[Any] = ui.Label(
        text="Ratio",
        component=ui.Select(custom_id="ratio", options=[discord.SelectOption(label=r) for r in ("16:9", "9:16")]),
    )
    still: ui.Label[Any] = ui.Label(text="Still", component=ui.FileUpload(custom_id="still", required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        still = field_of(self.still).values
        await interaction.response.send_message(
            f"{field_of(self.headline).value} {field_of(self.ratio).values[0]} {[file.size for file in still]}"
        )


class Panel(ui.View):
    """Persistent, as the bot's own buttons are."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Again", custom_id="again")
    async def again(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        await interaction.response.edit_message(content="again!")

    @ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        await interaction.response.send_modal(AskTitle(custom_id="title"))

    @ui.select(custom_id="who", cls=ui.UserSelect)
    async def who(self, interaction: discord.Interaction, select: ui.UserSelect["Panel"]) -> None:
        await interaction.response.send_message(f"chose {select.values[0].display_name}", ephemeral=True)


class Card(ui.LayoutView):
    def __init__(self, filename: str) -> None:
        super().__init__(timeout=None)
        gallery = ui.MediaGallery[Any](discord.MediaGalleryItem(f"attachment://{filename}"))
        row = ui.ActionRow[Any](ui.Button(label="Remix", custom_id="remix:1"))
        self.add_item(ui.Container(ui.TextDisplay("**Ready** <@1150000000000000001>"), gallery, row))


class Bot(discord.AutoShardedClient):
    """`handled` counts the slash commands that reached it."""

    def __init__(self, **options: Any) -> None:
        options = {"intents": discord.Intents(guilds=True), "max_messages": None, "guild_ready_timeout": 0.05} | options
        super().__init__(**options)
        self.tree = app_commands.CommandTree(self)
        self.handled: list[str] = []
        self._add_commands()

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The sandbox does not ask for five seconds between two shards."""

    def _add_commands(self) -> None:
        veo = app_commands.Group(name="veo", description="Veo 3.1")

        @veo.command(name="fast", description="Fast videos")
        @app_commands.choices(
            aspect_ratio=[
                app_commands.Choice(name="wide", value="16:9"),
                app_commands.Choice(name="tall", value="9:16"),
            ]
        )
        async def fast(
            interaction: discord.Interaction,
            prompt: app_commands.Range[str, 1, 50],
            duration: app_commands.Range[int, 3, 15] = 8,
            aspect_ratio: str = "16:9",
            image: discord.Attachment | None = None,
        ) -> None:
            self.handled.append(prompt)
            await interaction.response.defer(thinking=True)
            size = len(await image.read()) if image else 0
            await interaction.edit_original_response(content=f"{prompt} {duration} {aspect_ratio} {size}")

        self.tree.add_command(veo)

        @self.tree.command(description="A panel")
        async def panel(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("panel", view=Panel())

        @self.tree.command(description="A card with a clip")
        async def card(interaction: discord.Interaction) -> None:
            file = discord.File(io.BytesIO(CLIP), "clip.mp4")
            await interaction.response.send_message(view=Card("clip.mp4"), files=[file])

        @self.tree.command(description="Search")
        async def search(interaction: discord.Interaction, model: str) -> None:
            await interaction.response.send_message(model, ephemeral=True)
            await interaction.followup.send("more", ephemeral=True)
            await interaction.followup.send("for all")

        @search.autocomplete("model")
        async def complete(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
            names = [name for name in ("kling", "veo", "wan") if current in name]
            return [app_commands.Choice(name=name, value=name) for name in names]

        @self.tree.command(description="Never answers")
        async def silent(interaction: discord.Interaction) -> None:
            self.handled.append("silent")

        @self.tree.command(description="Settings")
        @app_commands.default_permissions(manage_guild=True)
        @app_commands.guild_only()
        async def settings(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("settings")

        @self.tree.context_menu(name="Remix this")
        async def remix(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"remix {message.content}")

        @self.tree.context_menu(name="Usage")
        async def usage(interaction: discord.Interaction, member: discord.Member) -> None:
            await interaction.response.send_message(f"usage of {member.display_name}")


@asynccontextmanager
async def running(client: C, sandbox: DiscordSandbox) -> AsyncIterator[C]:
    async with client:
        await client.login(sandbox.token)
        connection = asyncio.create_task(client.connect())
        await client.wait_until_ready()
        yield client
    await connection
