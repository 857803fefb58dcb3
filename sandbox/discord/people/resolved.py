"""The `resolved` part of an interaction: users, members, roles, channels and files that its values name by id."""

import shutil
from pathlib import Path
from typing import Any

from sandbox.discord.core import Core
from sandbox.discord.message_payloads import attachment_payload
from sandbox.discord.model import Attachment, Channel, Guild, Json, User
from sandbox.discord.payloads import channel_payload, member_payload, role_payload, user_payload
from sandbox.discord.people.refusal import ClientRefused, LocalFile


class Resolver:
    """Turns what a person chose into ids, and collects the objects behind them in `payload`.

    Every method raises `ClientRefused` if there is no such thing.
    """

    def __init__(self, core: Core, user: User, channel: Channel) -> None:
        self._core = core
        self._user = user
        self._channel = channel
        self._guild: Guild | None = core.world.guild_of(channel)
        self.payload: Json = {}

    def user(self, value: Any) -> str:
        """Return the id of a user, given by id, user object, or name."""
        wanted = value.id if isinstance(value, User) else value
        for user in self._core.world.users.values():
            if str(user.id) == str(wanted) or user.name == wanted:
                self._put("users", user.id, user_payload(user))
                if self._guild and (member := self._guild.members.get(user.id)):
                    permissions = str(self._core.world.permissions(user, self._channel))
                    payload = member_payload(member, with_user=False) | {"permissions": permissions}
                    self._put("members", user.id, {k: v for k, v in payload.items() if k not in ("deaf", "mute")})
                return str(user.id)
        raise ClientRefused(f"there is no user {value!r}")

    def role(self, value: Any) -> str:
        """Return the id of a role, given by id or name."""
        for role in self._guild.roles.values() if self._guild else ():
            if str(role.id) == str(value) or role.name == value:
                self._put("roles", role.id, role_payload(role))
                return str(role.id)
        raise ClientRefused(f"there is no role {value!r}")

    def mentionable(self, value: Any) -> str:
        """Return the id of a user or a role."""
        try:
            return self.user(value)
        except ClientRefused:
            return self.role(value)

    def channel(self, value: Any, types: list[int] | None = None) -> str:
        """Return the id of a channel, given by object, id or name. `types` are the types that are allowed."""
        try:
            channel = self._core.world.find_channel(value if isinstance(value, Channel) else str(value), self._user)
        except LookupError as error:
            raise ClientRefused(str(error)) from None
        if types and int(channel.type) not in types:
            raise ClientRefused(f"#{channel.name} is not of a type that is allowed here")
        permissions = str(self._core.world.permissions(self._user, channel))
        wanted = ("id", "type", "name", "parent_id", "thread_metadata")
        payload = channel_payload(channel)
        shown = {key: payload[key] for key in wanted if payload.get(key) is not None}
        self._put("channels", channel.id, shown | {"permissions": permissions})
        return str(channel.id)

    def attachment(self, value: Any) -> str:
        """Return the id of a file: a path, a `LocalFile`, or an attachment that was already stored for this person."""
        attachment = value if isinstance(value, Attachment) else self._store(value)
        self._put("attachments", attachment.id, attachment_payload(attachment, self._core.files))
        return str(attachment.id)

    def _store(self, value: Any) -> Attachment:
        path = self._core.files.new_path()
        if isinstance(value, LocalFile):
            name = value.filename
            path.write_bytes(value.data)
        elif isinstance(value, Path) and value.is_file():
            name = value.name
            shutil.copyfile(value, path)
        else:
            raise ClientRefused(f"{value!r} is not a file")
        limit = self._core.world.upload_limit_bytes(self._guild)
        if path.stat().st_size > limit:
            path.unlink()
            raise ClientRefused(f"{name} is too big: at most {limit} bytes may be uploaded here")
        return self._core.files.add(path, name, self._core.world.application_id, ephemeral=True)

    def _put(self, kind: str, object_id: int, payload: Json) -> None:
        self.payload.setdefault(kind, {})[str(object_id)] = payload
