"""The order of the questions, and what becomes of the answers."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.doctor.database_checks import check_database
from bot.doctor.discord_checks import PORTAL, check_discord, check_owners
from bot.doctor.examination import examine
from bot.doctor.finding import Finding, Level, worst
from bot.doctor.provider_checks import check_provider
from bot.doctor.report import STATUSES, text_report
from bot.installation import environment_file
from bot.installation.terminal import agrees, ask, ask_secret, say
from bot.settings import STAND_IN, Settings, SettingsProblem, first_problem, load

FILE = Path(".env")
UNAVAILABLE, CONFIGURATION, INTERRUPTED = 75, 78, 130
"""Exit statuses. 75 and 78 are EX_TEMPFAIL and EX_CONFIG of sysexits.h, 130 is what shells tell of Ctrl-C."""

WORDS = {Level.OK: "ok", Level.WARN: "warning", Level.FAIL: "problem"}
"""How the findings of an answer are told."""

Check = Callable[[Settings], Coroutine[Any, Any, list[Finding]]]


@dataclass(frozen=True, slots=True)
class Question:
    """One setting that is asked for."""

    name: str
    heading: str
    hint: str
    words: str
    check: Check | None = None
    secret: bool = False


QUESTIONS = (
    Question(
        "DISCORD_TOKEN",
        "Discord",
        f"The bot's token: {PORTAL} -> New Application, or yours -> Bot -> Reset Token.",
        "Token",
        check_discord,
        secret=True,
    ),
    Question(
        "STUDIO_API_KEY",
        "Provider",
        "The API key of the UlazAI account that pays: https://ulazai.com -> API keys.",
        "API key",
        check_provider,
        secret=True,
    ),
    Question(
        "OWNER_IDS",
        "Owners",
        "Who may use /owner: Discord user ids, separated by commas. None: the application's owner or team.",
        "User ids",
        check_owners,
    ),
    Question(
        "DEFAULT_GUILD_CREDITS",
        "Credits",
        "What a new server may spend in a month before you give it a limit. 0: nothing, and you are asked.",
        "Credits",
    ),
    Question(
        "DATABASE_URL",
        "Database",
        "Where everything is kept: a file, or postgresql+asyncpg://user:password@host/name.",
        "Database",
        check_database,
    ),
)


class Refused(Exception):
    """An answer cannot be used. The message says why, `status` is the exit status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def run(*, interactive: bool) -> int:
    """Ask, try the answers, write `.env`, and have everything examined. Return the exit status.

    Without `interactive`, the answers are those in the environment and in `.env`. Nothing is written before all of them
    can be used.
    """
    if interactive and not sys.stdin.isatty():
        say("Questions need a terminal. For scripts: --non-interactive, with the settings in the environment.")
        return CONFIGURATION
    try:
        values = _known()
        if interactive:
            say("Enter keeps what stands in brackets. Nothing is written before the last answer.")
        for number, question in enumerate(QUESTIONS, 1):
            say("", f"{number}/{len(QUESTIONS)} {question.heading}")
            if interactive:
                say(f"  {question.hint}")
                values[question.name] = _asked(question, values)
            else:
                _tried(question, values)
        environment_file.write(FILE, values)
    except Refused as refused:
        say("", "Nothing was written.")
        return refused.status
    except SettingsProblem as problem:
        say(f"  problem: {problem}", "", "Nothing was written.")
        return CONFIGURATION
    except (KeyboardInterrupt, EOFError):
        say("", "Nothing was written.")
        return INTERRUPTED
    return _finish(values)


def _known() -> dict[str, str]:
    """Return the settings as the bot would read them: from the environment, else from the file, else the defaults."""
    file = environment_file.read(FILE)
    values = {question.name: _default(question.name) for question in QUESTIONS}
    for name in (field.upper() for field in Settings.model_fields):
        known = os.environ.get(name) or file.get(name)
        if known:
            values[name] = known
    return values


def _default(name: str) -> str:
    default = Settings.model_fields[name.lower()].default
    return str(default) if isinstance(default, (str, int)) else ""


def _asked(question: Question, values: Mapping[str, str]) -> str:
    """Ask until an answer can be used. What only could not be tried may be kept all the same."""
    default = values[question.name]
    while True:
        read = ask_secret if question.secret else ask
        answer = read(question.words, default)
        try:
            _tried(question, {**values, question.name: answer})
        except Refused as refused:
            if refused.status == UNAVAILABLE and agrees("Keep this answer all the same?"):
                return answer
        else:
            return answer


def _tried(question: Question, values: Mapping[str, str]) -> None:
    """Try one answer, and say what was found. Raises Refused, and SettingsProblem for what nobody is asked for."""
    try:
        settings = _settings(question, values)
    except ValidationError as error:
        name, problem = first_problem(error)
        if name != question.name:
            raise SettingsProblem(f"{name} {problem}") from None
        say(f"  problem: {problem}")
        raise Refused(problem, CONFIGURATION) from None
    if question.check is None:
        return
    findings = asyncio.run(question.check(settings))
    for finding in findings:
        say(f"  {WORDS[finding.level]}: {finding.text} {finding.cure}".rstrip())
    failed = [finding for finding in findings if finding.level is Level.FAIL]
    if failed:
        only_now = all(finding.passing for finding in failed)
        raise Refused(failed[0].text, UNAVAILABLE if only_now else CONFIGURATION)


def _settings(question: Question, values: Mapping[str, str]) -> Settings:
    """Return the settings with the answers up to this question. Wrong ones that stand in the file may come later."""
    names = [one.name for one in QUESTIONS]
    later = names[names.index(question.name) + 1 :]
    given = {name.lower(): value for name, value in values.items() if value and name not in later}
    given |= {name.lower(): _default(name) or STAND_IN for name in later if name != "OWNER_IDS"}
    given.setdefault("owner_ids", "")
    return Settings(**given)  # type: ignore[arg-type]  # pydantic reads the strings


def _finish(values: Mapping[str, str]) -> int:
    say("", f"Written to {FILE.resolve()}, which only this user can read.")
    ignored = [name for name, value in values.items() if os.environ.get(name, value) != value]
    for name in ignored:
        say(f"warning: the environment sets {name} to something else, and it counts more than the file.")
    settings = load()
    say("", "Doctor")
    findings = asyncio.run(examine(settings, {}))
    say(*text_report(findings).splitlines())
    if worst(findings) is Level.FAIL:
        return STATUSES[Level.FAIL]
    say("", "Start the bot with `make run`, or `python -m bot`.")
    return 0
