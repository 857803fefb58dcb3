"""The ledger for people: pages with buttons that work for ever, and a file for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import mark, number, say, say_many, say_on, signed
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.job_states import STATE_WORDS
from bot.discord_ui.views.quota_words import difference_words
from bot.discord_ui.views.words import NameOf, person, quoted, relative
from bot.domain.jobs import JOB_ID_LENGTH, JobState
from bot.domain.ledger import Kind
from bot.domain.ledger_views import Entry, JobLine, LedgerFilter, Line, Page, Sums
from bot.domain.periods import parse_key

_TEMPLATE = re.compile(
    rf"{PREFIX}:ledger:(?P<turn>older|newer|newest):(?P<cursor>[0-9]{{1,19}})"
    rf":(?P<member>[0-9]{{0,20}}):(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})?:(?P<period>[0-9W-]{{0,10}})"
    r"(?P<entries>:entries)?"
)
NAME_SHOWN = 40
"""Characters of a model's name in one line."""
REASON_SHOWN = 50
"""Characters of a reason in one line. Escaping can double a text, and all lines of a page must fit one message."""
_MAY_OVERRUN = (Kind.CAPTURE, Kind.KEPT, Kind.CORRECTION)
_COLUMNS = tuple(Entry.__dataclass_fields__)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


_OPEN_WORDS = dict.fromkeys((JobState.QUEUED, JobState.SUBMITTING, JobState.RUNNING), mark("⏳ under way"))
"""What the ledger says of open holds. When a job starts is on its card, which knows the forecast."""
_END_WORDS: dict[tuple[Kind, JobState | None], str] = {
    (Kind.CAPTURE, None): mark("video"),
    (Kind.KEPT, None): mark("failed, kept by the provider"),
    (Kind.RELEASE, None): mark("given back"),
    (Kind.RELEASE, JobState.FAILED): mark("failed, given back"),
    (Kind.RELEASE, JobState.CANCELLED): mark("cancelled, given back"),
    (Kind.RELEASE, JobState.SUCCEEDED): mark("video, not charged"),
}
"""How a hold ended, by the kind of the entry and the job's state; None stands for every other state."""


class Turn(StrEnum):
    """What a button of a ledger shows."""

    OLDER = "older"
    NEWER = "newer"
    NEWEST = "newest"
    """The newest page, for example of another ledger than the one on which the button stands."""


class LedgerButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Shows a page of a ledger: just older or newer than the line with the id `cursor`, or the newest one.

    The custom id holds the filter without the guild: that is always the one in which the button is pressed.
    """

    def __init__(self, wanted: LedgerFilter, turn: Turn, label: str, cursor: int = 0) -> None:
        period = wanted.period[1] if wanted.period else ""
        filters = f"{wanted.member_id or ''}:{wanted.job_id or ''}:{period}{':entries' if wanted.every_entry else ''}"
        super().__init__(
            discord.ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:ledger:{turn}:{cursor}:{filters}",
            )
        )
        self.wanted = wanted
        self.before = cursor if turn is Turn.OLDER else None
        self.after = cursor if turn is Turn.NEWER else None

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what it was posted with."""
        wanted = LedgerFilter(
            guild_id=interaction.guild_id or 0,
            member_id=int(match["member"]) if match["member"] else None,
            job_id=match["job"],
            period=parse_key(match["period"]) if match["period"] else None,
            every_entry=match["entries"] is not None,
        )
        return cls(wanted, Turn(match["turn"]), "…", int(match["cursor"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press."""
        await handle(handlers_of(interaction).ledger_page, interaction, self.wanted, self.before, self.after)


def ledger_view(page: Page, wanted: LedgerFilter, name_of: NameOf) -> discord.ui.LayoutView:
    """Build one page, newest first: a line for each job, or each entry as it was written."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay(f"## {_title(wanted)}\n{_sums_words(page.sums)}"))
    lines = [
        entry_text(line, name_of) if isinstance(line, Entry) and wanted.every_entry else line_text(line, name_of)
        for line in page.lines
    ]
    container.add_item(discord.ui.TextDisplay("\n".join(lines or [say("Nothing yet.")])))
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if page.lines and page.has_newer:
        row.add_item(LedgerButton(wanted, Turn.NEWER, say_on("button", "Newer"), page.lines[0].id))
    if page.lines and page.has_older:
        row.add_item(LedgerButton(wanted, Turn.OLDER, say_on("button", "Older"), page.lines[-1].id))
    if page.lines:
        other = replace(wanted, every_entry=not wanted.every_entry)
        label = say_on("button", "Every entry") if other.every_entry else say_on("button", "One line for each job")
        row.add_item(LedgerButton(other, Turn.NEWEST, label))
        container.add_item(row)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def line_text(line: Line, name_of: NameOf, *, own: bool = False) -> str:
    """Return a job, or what a person changed, in a line that begins with the credits.

    `own` leaves out whose it is and the job's id, for a few lines that the member reads.
    """
    entry = line.hold if isinstance(line, JobLine) else line
    if isinstance(line, JobLine):
        words = _job_words(line, name_of)
        words += [say("part of a comparison")] if line.compared else []
    elif line.kind is Kind.GRANT:
        words = _grant_words(line, own=own)
    else:
        words = _change_words(line, name_of)
    shown = entry.job_id is not None and not own
    words += [person(entry.member_id)] if shown and entry.member_id is not None else []
    words.append(relative(entry.created_at))
    words += [f"`{entry.job_id}`"] if shown else []
    return "- " + " · ".join(words)


def entry_text(entry: Entry, name_of: NameOf) -> str:
    """Return one entry, as it was written, in a line."""
    at = round(entry.created_at)
    words = [f"<t:{at}:d> <t:{at}:T>", _what(entry)]
    if entry.member_id is not None:
        words.append(person(entry.member_id))
    if entry.job_id is not None:
        words.append(f"{_name(entry, name_of)} `{entry.job_id}`")
    if entry.actor_id is not None:
        words.append(say("by {actor}", actor=person(entry.actor_id)))
    if entry.reason:
        words.append(quoted(excerpt(entry.reason, REASON_SHOWN)))
    return "- " + " · ".join(words)


def ledger_csv(entries: Iterable[Entry], name_of: NameOf) -> bytes:
    """Return the entries as a table in CSV. Text that a spreadsheet would take for a formula is kept from being one."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow("model" if name == "model_slug" else name for name in _COLUMNS)
    for entry in entries:
        writer.writerow([_cell(name, getattr(entry, name), name_of) for name in _COLUMNS])
    return out.getvalue().encode()


def _cell(name: str, value: object, name_of: NameOf) -> object:
    if name == "created_at" and isinstance(value, float):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    if name == "model_slug" and isinstance(value, str):
        value = name_of(value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def _job_words(line: JobLine, name_of: NameOf) -> list[str]:
    """Return what a job cost and how it ended. `100 held` is an open hold, and `0 of 100` one that was given back."""
    held, end, name = line.hold.held_delta, line.end, _name(line.hold, name_of)
    if end is None:
        state = [] if line.state is None else [say(_OPEN_WORDS.get(line.state, STATE_WORDS[line.state]))]
        return [say("**{number} held**", number=held), name, *state]
    spent = end.spent_delta
    amount = say("**{spent} of {held}**", spent=spent, held=held) if spent < held else f"**{number(spent)}**"
    above = [say("⚠️ {number} more than was held", number=end.overrun)] if end.overrun else []
    return [amount, name, say(_END_WORDS.get((end.kind, line.state)) or _END_WORDS[end.kind, None]), *above]


def _grant_words(entry: Entry, *, own: bool) -> list[str]:
    if entry.member_id is None:
        words = _by(entry, say("granted to the server"), mark("granted to the server by {actor}"))
    elif own:
        words = _by(entry, say("granted"), mark("granted by {actor}"))
    else:
        member = person(entry.member_id)
        words = _by(entry, say("granted to {member}", member=member), mark("granted to {member} by {actor}"), member)
    return [say("**{amount} to spend**", amount=signed(entry.granted_delta)), words]


def _change_words(entry: Entry, name_of: NameOf) -> list[str]:
    if entry.kind is Kind.REFUND:
        done = _by(entry, say("refunded"), mark("refunded by {actor}"))
    else:
        done = _by(entry, say("charge corrected"), mark("charge corrected by {actor}"))
    return [f"**{_signed(entry.spent_delta)}**", _name(entry, name_of), done]


def _by(entry: Entry, done: str, by_actor: str, member: str = "") -> str:
    """Return what was done, by whom and why. `by_actor` is the marked sentence that says it of somebody."""
    if entry.actor_id is not None:
        done = say(by_actor, actor=person(entry.actor_id), member=member)
    return f"{done} {quoted(excerpt(entry.reason, REASON_SHOWN))}" if entry.reason else done


def _signed(amount: int) -> str:
    return signed(amount).replace("-", "−")


def _name(entry: Entry, name_of: NameOf) -> str:
    return excerpt(name_of(entry.model_slug or ""), NAME_SHOWN)


def _sums_words(sums: Sums) -> str:
    words = [say_many("**{count} credit** spent", "**{count} credits** spent", sums.spent)]
    words += [say("{number} held", number=sums.held)] if sums.held else []
    words += [say("{number} granted", number=sums.granted)] if sums.granted else []
    return say("-# In all: {sums}.", sums=", ".join(words))


def _what(entry: Entry) -> str:
    match entry.kind:
        case Kind.HOLD:
            words = say_many("**held** {count} credit", "**held** {count} credits", entry.held_delta)
        case Kind.CAPTURE:
            words = say_many("**spent** {count} credit", "**spent** {count} credits", entry.spent_delta)
        case Kind.KEPT:
            words = say_many(
                "**spent** {count} credit, failed and kept by the provider",
                "**spent** {count} credits, failed and kept by the provider",
                entry.spent_delta,
            )
        case Kind.RELEASE:
            words = say_many("**released** {count} credit", "**released** {count} credits", -entry.held_delta)
        case Kind.REFUND:
            words = say_many("**refunded** {count} credit", "**refunded** {count} credits", -entry.spent_delta)
        case Kind.CORRECTION:
            words = say("**corrected**: {amount}", amount=difference_words(entry.charged_delta))
        case Kind.GRANT:
            words = say_many("**granted** {count} credit", "**granted** {count} credits", entry.granted_delta)
    if entry.overrun and entry.kind in _MAY_OVERRUN:
        return say("{change} (⚠️ {number} above the hold)", change=words, number=entry.overrun)
    return words


def _title(wanted: LedgerFilter) -> str:
    words = [say("Ledger")]
    if wanted.member_id is not None:
        words.append(person(wanted.member_id))
    if wanted.job_id is not None:
        words.append(say("job `{job}`", job=wanted.job_id))
    if wanted.period is not None:
        words.append(wanted.period[1])
    return " · ".join(words)
