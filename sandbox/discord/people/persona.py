"""A person in the sandbox: types commands, presses buttons, fills in modals, and reads channels."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.discord.body import Body, Upload
from sandbox.discord.core import Core
from sandbox.discord.interactions import Interaction, InteractionType
from sandbox.discord.message_payloads import message_payload
from sandbox.discord.messages import Origin, message_reference
from sandbox.discord.model import Channel, Guild, Json, Message, MessageType, User
from sandbox.discord.people.command_form import CommandForm, find_command, visible_commands
from sandbox.discord.people.invocation import Invocation
from sandbox.discord.people.modal_form import ModalForm, choose
from sandbox.discord.people.refusal import ClientRefused, LocalFile
from sandbox.discord.people.resolved import Resolver
from sandbox.discord.permissions import Permission
from sandbox.discord.rules.commands import MESSAGE_COMMAND, USER_COMMAND
from sandbox.discord.walk import SELECT_TYPES, ComponentType, find_by_custom_id

ChannelReference = Channel | int | str
"""A channel, its id, or its name (`"general"`, `"Film Club/general"`)."""

LINK_STYLE = 5


class Persona:
    """A person. `ClientRefused` means that Discord's client would not have let this person do it."""

    def __init__(self, core: Core, user: User) -> None:
        self._core = core
        self.user = user

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def mention(self) -> str:
        """What mentions the person in a message."""
        return f"<@{self.user.id}>"

    # Seeing

    def guilds(self) -> list[Guild]:
        """Return the guilds that the person is in."""
        return [guild for guild in self._core.world.guilds.values() if self.user.id in guild.members]

    def channels(self) -> list[Channel]:
        """Return every channel and thread that the person sees, direct messages with the bot last."""
        return [c for c in self._core.world.channels.values() if self._sees(c)]

    def commands(self, channel: ChannelReference) -> list[Json]:
        """Return the registered commands that the person is shown in a channel, as the API lists them."""
        return visible_commands(self._core, self.user, self._channel(channel))

    def read(self, channel: ChannelReference) -> list[Message]:
        """Return a channel's messages, oldest first, with the person's own ephemeral ones."""
        found = self._channel(channel)
        if not self._core.world.may(self.user, found, Permission.READ_MESSAGE_HISTORY):
            return []
        return list(self._core.world.visible_messages(found, self.user))

    def read_payloads(self, channel: ChannelReference) -> list[Json]:
        """Return the same as Discord's JSON, with freshly signed addresses."""
        world, files = self._core.world, self._core.files
        return [message_payload(m, world, files, reader=self.user) for m in self.read(channel)]

    # Doing

    async def say(
        self,
        channel: ChannelReference,
        content: str = "",
        *,
        files: Sequence[Path | LocalFile] = (),
        reply_to: Message | None = None,
    ) -> Message:
        """Post an ordinary message."""
        found = self._channel(channel)
        needed = Permission.SEND_MESSAGES_IN_THREADS if found.is_thread else Permission.SEND_MESSAGES
        if not self._core.world.may(self.user, found, needed):
            raise ClientRefused(f"{self.user.display_name} may not write in #{found.name}")
        origin = Origin()
        if reply_to is not None:
            origin = Origin(type=MessageType.REPLY, reference=message_reference(found, reply_to.id))
        uploads = [self._upload(index, file) for index, file in enumerate(files)]
        return self._core.messages.post(found, self.user, Body({"content": content}, uploads), origin)

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message. Raises `ApiError` for what is no emoji, and for too many different ones."""
        channel = self._readable(message)
        if emoji not in message.reactions and not self._core.world.may(self.user, channel, Permission.ADD_REACTIONS):
            raise ClientRefused(f"{self.user.display_name} may not add reactions in #{channel.name}")
        self._core.reactions.add(message, self.user, emoji)

    async def unreact(self, message: Message, emoji: str) -> None:
        """Take the person's own reaction back. Raises `ApiError` 10014 where there is none."""
        self._readable(message)
        self._core.reactions.remove(message, self.user, emoji)

    async def slash(self, command: str, channel: ChannelReference, /, **options: Any) -> Invocation:
        """Send "/veo fast" with its options. Attachments are paths or `LocalFile`s; None leaves an option out."""
        found = self._channel(channel)
        form = CommandForm(self._core, self.user, found, command)
        data = form.submit(options)
        return self._start(InteractionType.COMMAND, found, data, command_name=form.name)

    async def autocomplete(
        self, command: str, channel: ChannelReference, /, *, focused: str, timeout: float = 5.0, **options: Any
    ) -> list[Json]:
        """Return the choices that the bot offers while `focused` is typed. Its text so far stands in `options`.

        Raises LookupError if the bot offers none within three seconds.
        """
        found = self._channel(channel)
        form = CommandForm(self._core, self.user, found, command)
        data = form.autocomplete(options, focused)
        invocation = self._start(InteractionType.AUTOCOMPLETE, found, data, command_name=form.name)
        await invocation.wait_response(timeout)
        if invocation.interaction.choices is None:
            raise LookupError("loading the choices failed")
        return invocation.interaction.choices

    async def press(self, message: Message, custom_id: str) -> Invocation:
        """Press a button."""
        button = self._component(message, custom_id)
        if button["type"] != ComponentType.BUTTON or button.get("style") == LINK_STYLE:
            raise ClientRefused(f"{custom_id!r} is no button that can be pressed")
        return self._use(message, {"component_type": int(ComponentType.BUTTON), "custom_id": custom_id})

    async def select(self, message: Message, custom_id: str, *values: Any) -> Invocation:
        """Choose in a select: values of a string select, else users, roles or channels by name or id."""
        component = self._component(message, custom_id)
        if component["type"] not in SELECT_TYPES:
            raise ClientRefused(f"{custom_id!r} is no select")
        resolver = Resolver(self._core, self.user, self._channel(message.channel_id))
        ids = choose(component, list(values), resolver)
        data: Json = {"component_type": component["type"], "custom_id": custom_id, "values": ids}
        if component["type"] != ComponentType.STRING_SELECT:
            data["resolved"] = resolver.payload
        return self._use(message, data)

    async def submit(self, invocation: Invocation | Interaction, /, **values: Any) -> Invocation:
        """Send the modal that answered `invocation`; values by custom_id."""
        opened = invocation.interaction if isinstance(invocation, Invocation) else invocation
        if opened.modal is None or opened.user.id != self.user.id:
            raise ClientRefused("there is no open modal")
        resolver = Resolver(self._core, self.user, opened.channel)
        data = ModalForm(opened.modal, resolver).submit(values)
        return self._start(InteractionType.MODAL_SUBMIT, opened.channel, data, source=opened.source, opened_by=opened)

    async def message_menu(self, command: str, message: Message) -> Invocation:
        """Use a command from a message's context menu."""
        channel = self._channel(message.channel_id)
        payload = message_payload(message, self._core.world, self._core.files)
        resolved = {"messages": {str(message.id): payload}}
        return self._menu(MESSAGE_COMMAND, command, channel, message.id, resolved)

    async def user_menu(self, command: str, user: User | str | int, channel: ChannelReference) -> Invocation:
        """Use a command from a person's context menu."""
        found = self._channel(channel)
        resolver = Resolver(self._core, self.user, found)
        target = resolver.user(user)
        return self._menu(USER_COMMAND, command, found, int(target), resolver.payload)

    def _menu(self, kind: int, name: str, channel: Channel, target_id: int, resolved: Json) -> Invocation:
        command = find_command(self._core, self.user, channel, kind, name)
        data: Json = {
            "id": command["id"],
            "name": command["name"],
            "type": kind,
            "target_id": str(target_id),
            "resolved": resolved,
        }
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return self._start(InteractionType.COMMAND, channel, data, command_name=command["name"])

    def _use(self, message: Message, data: Json) -> Invocation:
        component = self._component(message, data["custom_id"])
        data["id"] = component["id"]
        return self._start(InteractionType.COMPONENT, self._channel(message.channel_id), data, source=message)

    def _start(
        self,
        kind: InteractionType,
        channel: Channel,
        data: Json,
        *,
        source: Message | None = None,
        command_name: str | None = None,
        opened_by: Interaction | None = None,
    ) -> Invocation:
        interaction = self._core.interactions.start(
            kind, self.user, channel, data, source=source, command_name=command_name, opened_by=opened_by
        )
        return Invocation(self._core, interaction)

    def _component(self, message: Message, custom_id: str) -> Json:
        seen = self._channel(message.channel_id)
        if message.deleted_at is not None or message.visible_to not in (None, self.user.id) or not self._sees(seen):
            raise ClientRefused(f"{self.user.display_name} does not see that message")
        component = find_by_custom_id(message, custom_id)
        if component is None:
            raise ClientRefused(f"the message has nothing with the custom id {custom_id!r}")
        if component.get("disabled"):
            raise ClientRefused(f"{custom_id!r} is disabled")
        return component

    def _readable(self, message: Message) -> Channel:
        """Return the channel of a message that everyone in it can see, and so this person, too."""
        channel = self._channel(message.channel_id)
        gone = message.deleted_at is not None or message.visible_to is not None
        if gone or not self._core.world.may(self.user, channel, Permission.READ_MESSAGE_HISTORY):
            raise ClientRefused(f"{self.user.display_name} cannot react to that message")
        return channel

    def _sees(self, channel: Channel) -> bool:
        return self._core.world.may(self.user, channel, Permission.VIEW_CHANNEL)

    def _channel(self, reference: ChannelReference) -> Channel:
        channel = self._core.world.find_channel(reference, self.user)
        if channel.id not in self._core.world.channels or not self._sees(channel):
            raise ClientRefused(f"{self.user.display_name} does not see #{channel.name}")
        return channel

    def _upload(self, index: int, file: Path | LocalFile) -> Upload:
        data = file.data if isinstance(file, LocalFile) else file.read_bytes()
        path = self._core.files.new_path()
        path.write_bytes(data)
        return Upload(index, file.filename if isinstance(file, LocalFile) else file.name, path, len(data))
