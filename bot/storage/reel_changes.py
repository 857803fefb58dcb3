"""What becomes of a locked reel by one change of an editor (`bot.domain.reel_edits`)."""

from sqlalchemy import Connection

from bot.domain.reel_edits import (
    AddCard,
    ChangeCard,
    CutOut,
    DropBackground,
    KeepSound,
    MovePart,
    ReelEdit,
    Rename,
    SetAccess,
    SetFit,
    SetNamed,
    SetTransition,
    ShowCredits,
    Trim,
)
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import (
    CARD_TEXT_MAX,
    NAMED_MAX,
    PARTS_MAX,
    TITLE_MAX,
    moved,
    piece,
    read_card_seconds,
    written,
)
from bot.domain.reels import Reel, ReelAccess, ReelClip
from bot.storage import reel_parts, reels


def carry_out(conn: Connection, reel: Reel, edit: ReelEdit, actor_id: int, now: float) -> None:
    """Change a locked reel and count its version up. Raises ReelRefused, and then nothing may be committed."""
    match edit:
        case MovePart():
            order = [part.id for part in reel_parts.of_reel(conn, reel.id)]
            reel_parts.set_order(conn, reel.id, moved(order, edit.part_id, edit.place))
        case CutOut():
            _require(reel_parts.remove(conn, reel.id, edit.part_id))
        case Trim():
            _trim(conn, reel, edit)
        case SetTransition(part_id=None):
            reel_parts.change_all(conn, reel.id, transition=edit.transition)
        case SetTransition():
            _require(reel_parts.change(conn, reel.id, edit.part_id or 0, transition=edit.transition))
        case KeepSound(part_id=None):
            reel_parts.change_all(conn, reel.id, sound=edit.keep)
        case KeepSound():
            _require(reel_parts.change(conn, reel.id, edit.part_id or 0, sound=edit.keep))
        case AddCard():
            _add_card(conn, reel, edit, actor_id, now)
        case ChangeCard():
            words, seconds = written(edit.text, CARD_TEXT_MAX), read_card_seconds(edit.seconds)
            changed = {"text": words, "seconds": seconds, "added_by": actor_id}
            _require(reel_parts.change(conn, reel.id, edit.part_id, **changed))
        case SetNamed():
            reels.set_members(conn, reel.id, edit.member_ids[:NAMED_MAX])
        case DropBackground():
            reels.drop_sound(conn, reel.id)
        case _:
            pass
    reels.change(conn, reel.id, now, **_columns(edit, actor_id))


def _columns(edit: ReelEdit, actor_id: int) -> dict[str, object]:
    """Return the columns of the reel itself that a change sets."""
    match edit:
        case SetFit():
            return {"fit": edit.fit}
        case ShowCredits():
            return {"credits": edit.shown}
        case SetAccess():
            return {"access": edit.access}
        case SetNamed():
            return {"access": ReelAccess.NAMED}
        case Rename():
            return {"title": written(edit.title, TITLE_MAX), "titled_by": actor_id}
        case _:
            return {}


def _trim(conn: Connection, reel: Reel, edit: Trim) -> None:
    parts = reel_parts.of_reel(conn, reel.id)
    clip = next((part for part in parts if part.id == edit.part_id and isinstance(part, ReelClip)), None)
    if not isinstance(clip, ReelClip):
        raise ReelRefused(ReelProblem.NO_SUCH_PART)
    start_ms, end_ms = piece(edit.start, edit.end, clip.facts.ms if clip.facts is not None else None)
    reel_parts.change(conn, reel.id, clip.id, start_ms=start_ms, end_ms=end_ms)


def _add_card(conn: Connection, reel: Reel, edit: AddCard, actor_id: int, now: float) -> None:
    words, seconds = written(edit.text, CARD_TEXT_MAX), read_card_seconds(edit.seconds)
    if reel_parts.count(conn, reel.id) >= PARTS_MAX:
        raise ReelRefused(ReelProblem.FULL, maximum=PARTS_MAX)
    part_id = reel_parts.add_title(conn, reel.id, words, seconds, actor_id, now)
    if not edit.at_the_end:
        order = [part.id for part in reel_parts.of_reel(conn, reel.id)]
        reel_parts.set_order(conn, reel.id, moved(order, part_id, 0))


def _require(found: bool) -> None:
    if not found:
        raise ReelRefused(ReelProblem.NO_SUCH_PART)
