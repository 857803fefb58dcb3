"""What moderators were told of a person is erased once they have decided; what the person reported, at once.

Blocks stay under the person's id, and so does how often the provider refused their requests: an erasure lifts no block.
"""

from sqlalchemy import BindParameter, Connection, and_, bindparam, case, func, or_, select, update

from bot.domain.moderation import IncidentKind
from bot.domain.privacy import Erasure
from bot.storage.tables.base import Instant
from bot.storage.tables.moderation import incidents_table, member_blocks_table, reports_table

OPEN_SECONDS_MAX = 30 * 86_400.0
"""Seconds for which an erasure waits for a decision about an incident. Nobody decides about older ones."""

_GUILD: BindParameter[int] = bindparam("guild")
_ABOUT = and_(
    incidents_table.c.guild_id == _GUILD,
    incidents_table.c.member_id == bindparam("member"),
    incidents_table.c.created_at <= bindparam("until"),
)
IS_OPEN = and_(
    or_(
        and_(incidents_table.c.decision.is_(None), incidents_table.c.kind != IncidentKind.GUARD),
        incidents_table.c.card_due_at.is_not(None),
    ),
    incidents_table.c.created_at > bindparam("incidents_given_up"),
)
"""Moderators have not decided, or their card does not say so yet. A stopped request waits for nobody."""
_OPEN = select(func.count()).select_from(incidents_table).where(_ABOUT, IS_OPEN)
_CLOSED = select(incidents_table.c.id, incidents_table.c.data).where(_ABOUT, ~IS_OPEN)
_ERASE = (
    update(incidents_table)
    .where(incidents_table.c.id == bindparam("incident"))
    .values(
        member_id=bindparam("pseudonym"),
        data=bindparam("erased"),
        # The card in the log channel shows the words, too: it is drawn anew without them.
        card_due_at=case(
            (incidents_table.c.card_message_id.is_not(None), bindparam("now", type_=Instant())), else_=None
        ),
    )
)
_CLEAR_REASONS = update(reports_table).where(reports_table.c.incident_id == bindparam("incident")).values(reason="")
_OF_GUILD = select(incidents_table.c.id).where(incidents_table.c.guild_id == _GUILD)
_REPORTED = (
    update(reports_table)
    .where(reports_table.c.reporter_id == bindparam("member"), reports_table.c.incident_id.in_(_OF_GUILD))
    .values(reporter_id=bindparam("pseudonym"), reason="", answer_due_at=None)
)
_CLEAR_BLOCKS = (
    update(member_blocks_table)
    .where(
        member_blocks_table.c.guild_id == _GUILD,
        or_(
            member_blocks_table.c.member_id == bindparam("member"),
            member_blocks_table.c.actor_id == bindparam("member"),
        ),
    )
    .values(reason="")
)


def erase(conn: Connection, erasure: Erasure, now: float) -> None:
    """Erase what is decided about a person, what they reported, and the reasons for blocks of them and by them."""
    key = _key(erasure, now)
    for incident_id, data in conn.execute(_CLOSED, key).all():
        erased = {**data, **({"text": ""} if "text" in data else {})}
        conn.execute(_ERASE, {"incident": incident_id, "pseudonym": erasure.pseudonym, "erased": erased, "now": now})
        conn.execute(_CLEAR_REASONS, {"incident": incident_id})
    conn.execute(_REPORTED, key | {"pseudonym": erasure.pseudonym})
    conn.execute(_CLEAR_BLOCKS, key)


def open_of(conn: Connection, erasure: Erasure, now: float) -> int:
    """Return how many incidents about a person moderators still have to decide."""
    return int(conn.execute(_OPEN, _key(erasure, now)).scalar_one())


def _key(erasure: Erasure, now: float) -> dict[str, object]:
    return {
        "guild": erasure.guild_id,
        "member": erasure.member_id,
        "until": erasure.requested_at,
        "incidents_given_up": now - OPEN_SECONDS_MAX,
    }
