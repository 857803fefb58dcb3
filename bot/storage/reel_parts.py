"""What is in a reel: clips and title cards, in their order.

Whoever writes here has locked the reel, and counts its version up (`bot.storage.reels`).
"""

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, func, insert, select, update

from bot.domain.films import ClipFacts, Transition
from bot.domain.jobs import ENDED, JobState
from bot.domain.reels import ClipCondition, ReelClip, ReelPart, TitleCard
from bot.domain.request import GenerationRequest
from bot.storage.tables.jobs import jobs_table, outbox_table
from bot.storage.tables.moderation import age_restricted_models_table
from bot.storage.tables.reels import reel_clips_table

_CLIP = reel_clips_table.c
_CONDITION: ColumnElement[str] = case(
    (jobs_table.c.state.not_in(ENDED), ClipCondition.COMING),
    (jobs_table.c.state != JobState.SUCCEEDED, ClipCondition.GONE),
    (outbox_table.c.deleted_at.is_not(None), ClipCondition.GONE),
    else_=ClipCondition.READY,
).label("condition")
_PARTS = (
    select(
        *(_CLIP[name] for name in ("id", "transition", "added_by", "job_id", "file_position", "text", "seconds")),
        *(_CLIP[name] for name in ("start_ms", "end_ms", "sound", "facts")),
        jobs_table.c.member_id.label("maker_id"),
        jobs_table.c.model_name,
        jobs_table.c.request,
        age_restricted_models_table.c.model_slug.is_not(None).label("age_restricted"),
        _CONDITION,
    )
    .outerjoin(jobs_table, jobs_table.c.id == _CLIP.job_id)
    .outerjoin(outbox_table, outbox_table.c.job_id == _CLIP.job_id)
    .outerjoin(age_restricted_models_table, age_restricted_models_table.c.model_slug == jobs_table.c.model_slug)
    .where(_CLIP.reel_id == bindparam("reel"))
    .order_by(_CLIP.position, _CLIP.id)
)
_COUNT = select(func.count()).where(_CLIP.reel_id == bindparam("reel"))
_COUNTS = (
    select(_CLIP.reel_id, func.count())
    .where(_CLIP.reel_id.in_(bindparam("reels", expanding=True)))
    .group_by(_CLIP.reel_id)
)
_FILES = select(_CLIP.file_position).where(_CLIP.reel_id == bindparam("reel"), _CLIP.job_id == bindparam("job"))
_NEXT_POSITION = select(func.coalesce(func.max(_CLIP.position) + 1, 0)).where(_CLIP.reel_id == bindparam("reel"))
_ADD = insert(reel_clips_table).returning(_CLIP.id)
_ONE = (_CLIP.reel_id == bindparam("reel"), _CLIP.id == bindparam("part"))
_CHANGE = update(reel_clips_table).where(*_ONE)
_CHANGE_ALL = update(reel_clips_table).where(_CLIP.reel_id == bindparam("reel"))
_MOVE = _CHANGE.values(position=bindparam("place"))
_REMOVE = delete(reel_clips_table).where(*_ONE)
_ADDED = select(_CLIP.job_id, _CLIP.added_at).where(*_ONE, _CLIP.added_by == bindparam("actor"))
_TAKE_BACK = delete(reel_clips_table).where(
    _CLIP.reel_id == bindparam("reel"),
    _CLIP.job_id == bindparam("job"),
    _CLIP.added_at == bindparam("at"),
    _CLIP.added_by == bindparam("actor"),
)
_NOTE_FACTS = update(reel_clips_table).where(_CLIP.job_id == bindparam("job"), _CLIP.file_position == bindparam("file"))
_THUMBNAILS = select(_CLIP.id, _CLIP.thumbnail).where(
    _CLIP.id.in_(bindparam("parts", expanding=True)), _CLIP.thumbnail.is_not(None)
)


def of_reel(conn: Connection, reel_id: int) -> list[ReelPart]:
    """Return what is in a reel, in its order."""
    return [_part_of(row) for row in conn.execute(_PARTS, {"reel": reel_id})]


def count(conn: Connection, reel_id: int) -> int:
    """Return how many clips and title cards a reel has."""
    return int(conn.execute(_COUNT, {"reel": reel_id}).scalar_one())


def counts(conn: Connection, reel_ids: Sequence[int]) -> dict[int, int]:
    """Return how many clips and title cards each of these reels has; a reel without any is not in the answer."""
    return dict(conn.execute(_COUNTS, {"reels": list(reel_ids)}).all())


def files_in(conn: Connection, reel_id: int, job_id: str) -> set[int]:
    """Return which results of a job are in a reel, by their positions."""
    return set(conn.execute(_FILES, {"reel": reel_id, "job": job_id}).scalars())


def add_clip(conn: Connection, reel_id: int, job_id: str, file_position: int, actor_id: int, now: float) -> int:
    """Put a clip at the end of a reel, whole and with its sound, and return its id."""
    return _add(conn, reel_id, actor_id, now, job_id=job_id, file_position=file_position, look_due_at=now)


def add_title(conn: Connection, reel_id: int, text: str, seconds: float, actor_id: int, now: float) -> int:
    """Put a title card at the end of a reel, and return its id."""
    return _add(conn, reel_id, actor_id, now, text=text, seconds=seconds)


def _add(conn: Connection, reel_id: int, actor_id: int, now: float, **values: Any) -> int:
    position = conn.execute(_NEXT_POSITION, {"reel": reel_id}).scalar_one()
    row = {
        "reel_id": reel_id,
        "position": position,
        "start_ms": 0,
        "transition": Transition.CUT,
        "sound": True,
        "added_by": actor_id,
        "added_at": now,
    }
    return int(conn.execute(_ADD, row | values).scalar_one())


def set_order(conn: Connection, reel_id: int, part_ids: Sequence[int]) -> None:
    """Set the order of all that is in a reel."""
    if part_ids:
        rows = [{"reel": reel_id, "part": part_id, "place": place} for place, part_id in enumerate(part_ids)]
        conn.execute(_MOVE, rows)


def change(conn: Connection, /, reel_id: int, part_id: int, **values: Any) -> bool:
    """Set columns of one clip or title card. Returns False where the reel does not have it."""
    return conn.execute(_CHANGE.values(values), {"reel": reel_id, "part": part_id}).rowcount == 1


def change_all(conn: Connection, /, reel_id: int, **values: Any) -> None:
    """Set columns of all that is in a reel."""
    conn.execute(_CHANGE_ALL.values(values), {"reel": reel_id})


def remove(conn: Connection, reel_id: int, part_id: int) -> bool:
    """Take a clip or a title card out of a reel. Returns False where the reel does not have it."""
    return conn.execute(_REMOVE, {"reel": reel_id, "part": part_id}).rowcount == 1


def take_back(conn: Connection, reel_id: int, part_id: int, actor_id: int) -> bool:
    """Take out of a reel what a member put into it together with this clip. Returns False where it is not there."""
    row = conn.execute(_ADDED, {"reel": reel_id, "part": part_id, "actor": actor_id}).one_or_none()
    if row is None:
        return False
    conn.execute(_TAKE_BACK, {"reel": reel_id, "job": row.job_id, "at": row.added_at, "actor": actor_id})
    return True


def note_facts(conn: Connection, job_id: str, file_position: int, facts: ClipFacts, thumbnail: bytes | None) -> None:
    """Note what was seen in a clip's file, wherever it is in a reel. `thumbnail` is a small JPEG."""
    seen = {"facts": asdict(facts) | {"rate": str(facts.rate)}, "thumbnail": thumbnail, "look_due_at": None}
    conn.execute(_NOTE_FACTS.values(seen), {"job": job_id, "file": file_position})


def thumbnails(conn: Connection, part_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the small pictures of clips, by the clip's id; those without one are not in the answer."""
    return dict(conn.execute(_THUMBNAILS, {"parts": list(part_ids)}).all())


def _part_of(row: Any) -> ReelPart:
    if row.job_id is None:
        return TitleCard(row.id, row.transition, row.added_by, row.text, row.seconds)
    values = {name: value for name, value in row._mapping.items() if name in ReelClip.__dataclass_fields__}
    facts = None if row.facts is None else ClipFacts(**row.facts | {"rate": Fraction(row.facts["rate"])})
    prompt = GenerationRequest.from_json(row.request).prompt
    return ReelClip(**values | {"condition": ClipCondition(row.condition), "facts": facts, "prompt": prompt})
