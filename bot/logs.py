"""How the bot logs: lines for people on a terminal, one JSON object a line for whatever collects logs."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

Format = Literal["auto", "text", "json"]

_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
"""What every record has. Everything else on one was given as `extra`: the action, and the ids that it is about."""


class JsonLines(logging.Formatter):
    """One JSON object a line: `at`, `level`, `logger`, `text`, what came as `extra`, and `error` with its trace."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _USUAL and name not in line}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logging(level: str, form: Format = "auto") -> None:
    """Log to the standard error stream. `auto` writes text on a terminal and JSON elsewhere."""
    as_text = sys.stderr.isatty() if form == "auto" else form == "text"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(_TEXT) if as_text else JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("alembic", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if level == "DEBUG":
        # These log what people write: whole messages, and the parameters of statements.
        for indiscreet in ("aiosqlite", "discord"):
            logging.getLogger(indiscreet).setLevel(logging.INFO)
