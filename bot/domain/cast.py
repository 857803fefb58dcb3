"""Cast: pictures that members, and moderators for their guild, save under a name to make videos from."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.attachments import ON_CARD, Attachment
from bot.domain.privacy import NO_GUILD
from bot.domain.refusals import Impossible, NotPossible

CAST_OPTION = "cast"
"""The option of commands that names saved pictures. No field of the provider's is called so."""
NAME_MAX = 32
"""Characters of a picture's name."""
SHARED_MAX = 25
"""Pictures that one guild shares."""
IN_REQUEST_MAX = 10
"""Pictures of one request: as many as a message of Discord's takes."""
REQUEST_BYTES_MAX = 20_000_000
"""Bytes of all saved pictures of one request. They travel on its card, and a message of Discord's takes 25 MiB."""
_SEPARATORS = ",=\n"
"""What names are divided by where several are given."""
_PREFIX = "cast-"


@dataclass(frozen=True, slots=True)
class CastLimits:
    """What the bot's owner lets be saved."""

    member_pictures_max: int = 10
    picture_bytes_max: int = 4_000_000
    total_bytes_max: int = 1_000_000_000
    """Bytes of all pictures of the bot together."""


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture that is to be saved. `guild_id` is NO_GUILD for a member's own."""

    guild_id: int
    member_id: int
    """Who saves it."""
    name: str
    content: bytes = field(repr=False)
    content_type: str
    digest: str
    """What `digest_of` makes of the content."""
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class CastPicture:
    """A saved picture, without its content. Times are seconds since the epoch."""

    id: int
    guild_id: int
    member_id: int
    name: str
    content_type: str
    size_bytes: int
    digest: str
    width: int | None
    height: int | None
    used_at: float
    """When it was saved, or last used."""

    @property
    def shared(self) -> bool:
        """Whether it is for everybody in a guild."""
        return self.guild_id != NO_GUILD

    @property
    def attachment(self) -> Attachment:
        """The picture as a file of a request, which travels on the card of its job."""
        ending = self.content_type.rpartition("/")[2].replace("jpeg", "jpg")
        filename = f"{_PREFIX}{self.digest}.{ending}"
        return Attachment(f"{ON_CARD}{filename}", filename, self.content_type, self.size_bytes, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Named:
    """A picture that a member named in a command, and the option that it is for; None leaves that to the model."""

    name: str
    option: str | None = None


def read_name(typed: str) -> str:
    """Read the name of a new picture. Raises NotPossible."""
    name = " ".join(typed.split())
    if not name or len(name) > NAME_MAX or any(sign in name for sign in _SEPARATORS):
        raise NotPossible(Impossible.NOT_A_CAST_NAME, maximum=NAME_MAX)
    return name


def name_key(name: str) -> str:
    """Return what two spellings of one name share: letter case and spaces do not matter."""
    return " ".join(name.casefold().split())


def read_named(typed: str) -> tuple[Named, ...]:
    """Read names as they are given in a command: "Zoe, first_frame=Rex"."""
    found = []
    for part in filter(None, (part.strip() for part in typed.replace("\n", ",").split(","))):
        option, equals, name = part.rpartition("=")
        found.append(Named(name.strip(), option.strip().casefold() if equals else None))
    return tuple(found)


def find_named(pictures: Iterable[CastPicture], name: str) -> CastPicture | None:
    """Return the picture of this name. A member's own goes before a shared one."""
    wanted = name_key(name)
    found = [one for one in pictures if name_key(one.name) == wanted]
    return min(found, key=lambda one: one.shared, default=None)


def usable(pictures: Sequence[CastPicture]) -> tuple[CastPicture, ...]:
    """Return the pictures that can be named, by name: no shared one that a member's own of that name hides."""
    own = {name_key(one.name) for one in pictures if not one.shared}
    kept = [one for one in pictures if not one.shared or name_key(one.name) not in own]
    return tuple(sorted(kept, key=lambda one: (one.shared, name_key(one.name))))


def digest_in(file: Attachment) -> str | None:
    """Return the digest of a request's file, if that is a saved picture; None for other files."""
    stem = file.filename.rpartition(".")[0]
    return stem.removeprefix(_PREFIX) if file.on_card and stem.startswith(_PREFIX) else None


def digest_of(content: bytes) -> str:
    """Return what tells a picture from all others: 128 bits of SHA-256 in hexadecimal digits, which nobody guesses."""
    return hashlib.sha256(content).hexdigest()[:32]


def picture_type(content: bytes) -> str | None:
    """Return the content type of a picture by its first bytes; None for what is no PNG, JPEG or WebP."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None
