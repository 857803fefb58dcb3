"""What an examination finds: one fact, how bad it is, and what helps."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    """It works, and something should be changed."""
    FAIL = "fail"
    """The bot does not work like this, or not for long."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report."""

    subject: str
    """What was looked at, in a word or two."""
    level: Level
    text: str
    cure: str = ""
    """What to do; empty where nothing is to be done."""
    passing: bool = False
    """Whether it could only not be tried at this moment: the setting may still be right."""


def ok(subject: str, text: str) -> Finding:
    """Return a finding that needs nothing to be done."""
    return Finding(subject, Level.OK, text)


def warn(subject: str, text: str, cure: str) -> Finding:
    """Return a finding of something that works and should be changed."""
    return Finding(subject, Level.WARN, text, cure)


def fail(subject: str, text: str, cure: str, *, passing: bool = False) -> Finding:
    """Return a finding of something that keeps the bot from its work."""
    return Finding(subject, Level.FAIL, text, cure, passing)


def worst(findings: Iterable[Finding]) -> Level:
    """Return the worst level of all findings; OK where there is none."""
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.FAIL, Level.WARN) if level in levels), Level.OK)
