"""How a person is taken out of a guild's gallery and showcase.

What they posted leaves both at once, whether its messages are to be deleted or not. Reels stay: they are their
community's work.
"""

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, delete, select, update

from bot.domain.gallery import GalleryKind
from bot.domain.privacy import Erasure
from bot.storage import gallery
from bot.storage.tables.gallery import gallery_entries_table, gallery_opt_outs_table

_ENTRY = gallery_entries_table.c
_GUILD: BindParameter[int] = bindparam("guild")
_MEMBER: BindParameter[int] = bindparam("member")
_VIDEOS = select(_ENTRY.source_id).where(
    _ENTRY.guild_id == _GUILD,
    _ENTRY.member_id == _MEMBER,
    _ENTRY.kind == GalleryKind.VIDEO,
    _ENTRY.posted_at <= bindparam("until"),
)
_REELS = (
    update(gallery_entries_table)
    .where(_ENTRY.guild_id == _GUILD, _ENTRY.member_id == _MEMBER, _ENTRY.kind == GalleryKind.REEL)
    .values(member_id=bindparam("pseudonym"))
)
_OPT_OUT = delete(gallery_opt_outs_table).where(
    and_(
        gallery_opt_outs_table.c.guild_id == _GUILD,
        gallery_opt_outs_table.c.member_id == _MEMBER,
        gallery_opt_outs_table.c.opted_out_at <= bindparam("until"),
    )
)
GUILDS_OF: tuple[Select[tuple[int]], ...] = (
    select(_ENTRY.guild_id).where(_ENTRY.member_id == _MEMBER),
    select(gallery_opt_outs_table.c.guild_id).where(gallery_opt_outs_table.c.member_id == _MEMBER),
)
"""The guilds whose gallery names a person. The parameter is `member`."""


def make_pseudonym(conn: Connection, erasure: Erasure) -> None:
    """Take a person's videos out of a guild's gallery and showcase, and forget whether they kept out."""
    key = {"guild": erasure.guild_id, "member": erasure.member_id}
    old = key | {"until": erasure.requested_at}
    gallery.remove(conn, GalleryKind.VIDEO, conn.execute(_VIDEOS, old).scalars().all())
    conn.execute(_REELS, key | {"pseudonym": erasure.pseudonym})
    conn.execute(_OPT_OUT, old)
