"""What moderators are told of: written once, shown on one card each, decided once. Reports belong to an incident."""

from sqlalchemy import Connection, bindparam, func, select, update

from bot.domain.json_value import JsonObject
from bot.domain.moderation import Incident, IncidentDecision, IncidentKind, Report
from bot.storage.tables.moderation import incidents_table, reports_table
from bot.storage.upsert import insert_if_new

_COLUMNS = tuple(incidents_table.c[name] for name in Incident.__dataclass_fields__)
_ANY = select(*_COLUMNS)
_ADD = insert_if_new(incidents_table).returning(incidents_table.c.id)
_BY_ID = _ANY.where(incidents_table.c.id == bindparam("incident_id"))
_REPORTED = select(incidents_table.c.id).where(
    incidents_table.c.job_id == bindparam("job"),
    incidents_table.c.kind == IncidentKind.REPORT,
    incidents_table.c.decision.is_(None),
)
_LOCK = _BY_ID.with_for_update(key_share=True)
_BY_KEY = _ANY.where(incidents_table.c.key == bindparam("key"))
_OF_GUILD = (
    _ANY.where(incidents_table.c.guild_id == bindparam("guild_id"))
    .order_by(incidents_table.c.id.desc())
    .limit(bindparam("count"))
)
_WAITING = _OF_GUILD.where(incidents_table.c.decision.is_(None), incidents_table.c.kind != IncidentKind.GUARD)
_OPEN_ABOUT = _ANY.where(
    incidents_table.c.guild_id == bindparam("guild_id"),
    incidents_table.c.member_id == bindparam("member_id"),
    incidents_table.c.kind == bindparam("kind"),
    incidents_table.c.decision.is_(None),
)
_DUE = (
    _ANY.where(incidents_table.c.card_due_at <= bindparam("now"))
    .order_by(incidents_table.c.card_due_at)
    .limit(bindparam("count"))
)
_IS = incidents_table.c.id == bindparam("key_id")
_DECIDE = (
    update(incidents_table)
    .where(_IS, incidents_table.c.decision.is_(None))
    .values(
        decision=bindparam("outcome"), actor_id=bindparam("actor"), decided_at=bindparam("now"),
        card_due_at=bindparam("now"),
    )
)  # fmt: skip
_SET_DUE = update(incidents_table).where(_IS).values(card_due_at=bindparam("due"))
_PLACED = update(incidents_table).where(_IS).values(card_channel_id=bindparam("channel"))
_POSTED = update(incidents_table).where(_IS).values(card_message_id=bindparam("message"))
# What fell due again while the card was posted or edited stays due.
_SHOWN = update(incidents_table).where(_IS, incidents_table.c.card_due_at == bindparam("seen")).values(card_due_at=None)
_DUE_OF = select(incidents_table.c.card_due_at).where(incidents_table.c.id == bindparam("incident_id"))
_LAST_DECIDED = select(func.max(incidents_table.c.decided_at)).where(
    incidents_table.c.guild_id == bindparam("guild_id"),
    incidents_table.c.member_id == bindparam("member_id"),
    incidents_table.c.kind == bindparam("kind"),
)
_REPORT = insert_if_new(reports_table)
_REPORTS = (
    select(*(reports_table.c[name] for name in Report.__dataclass_fields__))
    .where(reports_table.c.incident_id == bindparam("incident_id"))
    .order_by(reports_table.c.created_at, reports_table.c.reporter_id)
)
_OWE_ANSWERS = (
    update(reports_table)
    .where(reports_table.c.incident_id == bindparam("key_id"))
    .values(answer_due_at=bindparam("due"))
)
_ANSWERS_DUE = (
    select(reports_table.c.incident_id, reports_table.c.reporter_id)
    .where(reports_table.c.answer_due_at <= bindparam("now"))
    .order_by(reports_table.c.answer_due_at)
    .limit(bindparam("count"))
)
_SET_ANSWER_DUE = (
    update(reports_table)
    .where(reports_table.c.incident_id == bindparam("key_id"), reports_table.c.reporter_id == bindparam("reporter"))
    .values(answer_due_at=bindparam("due"))
)
_REPORTED_SINCE = (
    select(func.count())
    .select_from(reports_table)
    .where(reports_table.c.reporter_id == bindparam("reporter_id"), reports_table.c.created_at > bindparam("since"))
)


def add(
    conn: Connection,
    key: str,
    guild_id: int,
    kind: IncidentKind,
    member_id: int,
    channel_id: int,
    data: JsonObject,
    now: float,
    *,
    job_id: str | None = None,
) -> int | None:
    """Tell moderators of something. Returns the incident's id; None where there is one with this key already."""
    row = {
        "key": key, "guild_id": guild_id, "kind": kind, "member_id": member_id, "channel_id": channel_id,
        "job_id": job_id, "data": data, "created_at": now, "card_due_at": now,
    }  # fmt: skip
    return conn.execute(_ADD, row).scalar()


def find(conn: Connection, incident_id: int, *, lock: bool = False) -> Incident | None:
    """Return an incident, or None; with `lock`, it is locked until the transaction ends."""
    row = conn.execute(_LOCK if lock else _BY_ID, {"incident_id": incident_id}).first()
    return None if row is None else Incident(*row)


def find_by_key(conn: Connection, key: str) -> Incident | None:
    """Return the incident with this key, or None."""
    row = conn.execute(_BY_KEY, {"key": key}).first()
    return None if row is None else Incident(*row)


def is_reported(conn: Connection, job_id: str) -> bool:
    """Tell whether moderators have still to decide about a report of a result."""
    return conn.execute(_REPORTED, {"job": job_id}).first() is not None


def newest(conn: Connection, guild_id: int, count: int, *, waiting_only: bool = False) -> tuple[Incident, ...]:
    """Return a guild's incidents, the newest first; with `waiting_only`, those that wait for a decision.

    A stopped request waits for nobody.
    """
    rows = conn.execute(_WAITING if waiting_only else _OF_GUILD, {"guild_id": guild_id, "count": count})
    return tuple(Incident(*row) for row in rows)


def decide(conn: Connection, incident_id: int, decision: IncidentDecision, actor_id: int | None, now: float) -> bool:
    """End an incident, and owe its reporters an answer. Returns False, and writes nothing, if it is not open."""
    values = {"key_id": incident_id, "outcome": decision, "actor": actor_id, "now": now}
    if conn.execute(_DECIDE, values).rowcount != 1:
        return False
    conn.execute(_OWE_ANSWERS, {"key_id": incident_id, "due": now})
    return True


def open_about(conn: Connection, guild_id: int, member_id: int, kind: IncidentKind) -> tuple[Incident, ...]:
    """Return the open incidents of a kind about a member."""
    values = {"guild_id": guild_id, "member_id": member_id, "kind": kind}
    return tuple(Incident(*row) for row in conn.execute(_OPEN_ABOUT, values))


def last_decided_at(conn: Connection, guild_id: int, member_id: int, kind: IncidentKind) -> float | None:
    """Return when moderators last ended an incident of a kind about a member; None where they never did."""
    values = {"guild_id": guild_id, "member_id": member_id, "kind": kind}
    return conn.execute(_LAST_DECIDED, values).scalar()


def due(conn: Connection, now: float, count: int) -> tuple[Incident, ...]:
    """Return incidents whose card is to be posted or edited."""
    return tuple(Incident(*row) for row in conn.execute(_DUE, {"now": now, "count": count}))


def due_at(conn: Connection, incident_id: int) -> float | None:
    """Return since when an incident's card is due; None: it is as it should be."""
    return conn.execute(_DUE_OF, {"incident_id": incident_id}).scalar()


def set_due(conn: Connection, incident_id: int, at: float | None) -> None:
    """Set when an incident's card is posted or edited next; None: not again."""
    conn.execute(_SET_DUE, {"key_id": incident_id, "due": at})


def note_place(conn: Connection, incident_id: int, channel_id: int) -> None:
    """Note in which channel the card is about to be posted."""
    conn.execute(_PLACED, {"key_id": incident_id, "channel": channel_id})


def note_shown(conn: Connection, incident_id: int, message_id: int, seen: float | None) -> None:
    """Note that the card shows what the incident was when `due_at` returned `seen`."""
    conn.execute(_POSTED, {"key_id": incident_id, "message": message_id})
    conn.execute(_SHOWN, {"key_id": incident_id, "seen": seen})


def add_report(conn: Connection, incident_id: int, report: Report) -> bool:
    """Add a member's report. Returns False where this member reported it before."""
    row = {name: getattr(report, name) for name in Report.__dataclass_fields__}
    return conn.execute(_REPORT, {"incident_id": incident_id} | row).rowcount == 1


def reports(conn: Connection, incident_id: int) -> tuple[Report, ...]:
    """Return the reports of an incident, the oldest first."""
    return tuple(Report(*row) for row in conn.execute(_REPORTS, {"incident_id": incident_id}))


def answers_due(conn: Connection, now: float, count: int) -> list[tuple[int, int]]:
    """Return incident and reporter of answers that are owed."""
    rows = conn.execute(_ANSWERS_DUE, {"now": now, "count": count})
    return [(incident_id, reporter_id) for incident_id, reporter_id in rows]


def set_answer_due(conn: Connection, incident_id: int, reporter_id: int, at: float | None) -> None:
    """Set when a reporter is told how it ended; None: they were told, or cannot be."""
    conn.execute(_SET_ANSWER_DUE, {"key_id": incident_id, "reporter": reporter_id, "due": at})


def reported_since(conn: Connection, reporter_id: int, since: float) -> int:
    """Return how many results a member reported after a moment."""
    return int(conn.execute(_REPORTED_SINCE, {"reporter_id": reporter_id, "since": since}).scalar_one())
