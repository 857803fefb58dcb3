"""Reads moments in time."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import TypeAdapter, ValidationError

from bot.domain.json_value import JsonValue

EARLIEST, LATEST = 946_684_800.0, 4_102_444_800.0
"""The years 2000 and 2100, in seconds since the epoch. A moment outside them is a mistake."""

_DATETIME = TypeAdapter(datetime)


def read_moment(value: JsonValue) -> float | None:
    """Return seconds since the epoch, from ISO or mail dates (UTC if they name no zone), seconds or milliseconds."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or value == "":
        return None
    moment = _iso_or_number(value) or (_mail_date(value) if isinstance(value, str) else None)
    if moment is None:
        return None
    seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return seconds if math.isfinite(seconds) and EARLIEST <= seconds <= LATEST else None


def _iso_or_number(value: float | str) -> datetime | None:
    try:
        return _DATETIME.validate_python(value)
    except ValidationError:
        return None


def _mail_date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value[:100])
    except ValueError:
        return None
