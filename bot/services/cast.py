"""Saved pictures of members, and of guilds. Who may save or remove a guild's is checked by whoever calls."""

import asyncio
from collections.abc import Iterable

from sqlalchemy import Connection

from bot.domain.attachments import Attachment, CardFile
from bot.domain.cast import (
    SHARED_MAX,
    CastLimits,
    CastPicture,
    NewPicture,
    digest_in,
    digest_of,
    find_named,
    picture_type,
    read_name,
)
from bot.domain.privacy import NO_GUILD
from bot.domain.refusals import Impossible, NotPossible
from bot.engine.context import EngineContext
from bot.storage import cast


class Cast:
    """Saves, lists, hands out and removes pictures."""

    def __init__(self, context: EngineContext, limits: CastLimits) -> None:
        self.limits = limits
        self._context = context

    async def for_member(self, guild_id: int, member_id: int) -> tuple[CastPicture, ...]:
        """Return a member's own pictures and those that a guild shares, by name."""
        return await self._context.database.read(cast.for_member, guild_id, member_id)

    async def content(self, picture: CastPicture) -> bytes | None:
        """Return what a picture's file holds; None if it was removed meanwhile."""
        return await self._context.database.read(cast.content, picture.id)

    async def add(
        self, guild_id: int, member_id: int, name: str, content: bytes, size: tuple[int, int] | None, *, shared: bool
    ) -> None:
        """Save a picture, for a member or for a guild. The same picture under the same name again changes nothing.

        `size` is width and height as Discord told them. Raises NotPossible.
        """
        name, limits = read_name(name), self.limits
        content_type = picture_type(content)
        if content_type is None:
            raise NotPossible(Impossible.NOT_A_PICTURE)
        if len(content) > limits.picture_bytes_max:
            raise NotPossible(Impossible.PICTURE_TOO_LARGE, megabytes=limits.picture_bytes_max // 1_000_000)
        if await self._context.guards.check(guild_id, [name]) is not None:
            raise NotPossible(Impossible.WORDS_ARE_STOPPED)
        width, height = size or (None, None)
        digest = await asyncio.to_thread(digest_of, content)
        owner = guild_id if shared else NO_GUILD
        new = NewPicture(owner, member_id, name, content, content_type, digest, width, height)
        await self._context.database.write(self._add, new)

    def _add(self, conn: Connection, new: NewPicture) -> None:
        shared = new.guild_id != NO_GUILD
        there = [one for one in cast.for_member(conn, new.guild_id, new.member_id) if one.shared is shared]
        same = find_named(there, new.name)
        if same is not None:
            if same.digest == new.digest:
                return
            raise NotPossible(Impossible.CAST_NAME_TAKEN)
        maximum = SHARED_MAX if shared else self.limits.member_pictures_max
        if len(there) >= maximum:
            raise NotPossible(Impossible.TOO_MANY_PICTURES, maximum=maximum)
        if cast.total_bytes(conn) + len(new.content) > self.limits.total_bytes_max:
            raise NotPossible(Impossible.NO_ROOM_FOR_PICTURES)
        if not cast.add(conn, new, self._context.clock()):
            raise NotPossible(Impossible.CAST_NAME_TAKEN)

    async def remove(self, picture: CastPicture) -> bool:
        """Remove a picture. Returns whether it was there. Requests that wait have a copy of their own."""
        return await self._context.database.write(cast.remove, picture.id)

    async def files_of(self, attachments: Iterable[Attachment]) -> dict[str, CardFile | None]:
        """Return the files of those attachments that are saved pictures, by file name; None for one that is gone.

        Whoever has a request with a picture in it may use that: it is found by what it holds, not by whose it is.
        """
        wanted = {file.filename: digest for file in attachments if (digest := digest_in(file)) is not None}

        def read(conn: Connection) -> dict[str, CardFile | None]:
            found: dict[str, CardFile | None] = {}
            for filename, digest in wanted.items():
                content = cast.content_by_digest(conn, digest)
                found[filename] = None if content is None else CardFile(filename, content)
            return found

        return await self._context.database.read(read) if wanted else {}

    async def note_used(self, attachments: Iterable[Attachment]) -> None:
        """Note that a request with these files was accepted: a picture that is used is kept for longer."""
        digests = [digest for file in attachments if (digest := digest_in(file)) is not None]
        if digests:
            await self._context.database.write(cast.used, digests, self._context.clock())
