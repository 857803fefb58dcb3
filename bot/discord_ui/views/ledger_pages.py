"""The ledger for people: pages with buttons that work for ever, and a file for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.views.escaping import escape, excerpt
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.quota_words import amount_words
from bot.domain.jobs import JOB_ID_LENGTH
from bot.domain.ledger import Kind
from bot.domain.ledger_views import Entry, LedgerFilter, Page
from bot.domain.periods import parse_key

_TEMPLATE = re.compile(
    rf"{PREFIX}:ledger:(?P<direction>older|newer):(?P<cursor>[0-9]{{1,19}})"
    rf":(?P<member>[0-9]{{0,20}}):(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})?:(?P<period>[0-9W-]{{0,10}})"
)
_COLUMNS = tuple(Entry.__dataclass_fields__)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class LedgerButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Turns the page of a ledger.

    The custom id holds the filter without the guild: that is always the one in which the button is pressed.
    """

    def __init__(self, wanted: LedgerFilter, cursor: int, *, older: bool) -> None:
        period = wanted.period[1] if wanted.period else ""
        filters = f"{wanted.member_id or ''}:{wanted.job_id or ''}:{period}"
        super().__init__(
            discord.ui.Button(
                label="Older" if older else "Newer",
                style=discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:ledger:{'older' if older else 'newer'}:{cursor}:{filters}",
            )
        )
        self.wanted = wanted
        self.before = cursor if older else None
        self.after = None if older else cursor

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
        )
        return cls(wanted, int(match["cursor"]), older=match["direction"] == "older")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press."""
        await handle(handlers_of(interaction).ledger_page, interaction, self.wanted, self.before, self.after)


def ledger_view(page: Page, wanted: LedgerFilter) -> discord.ui.LayoutView:
    """Build one page of entries, newest first."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay(f"## Ledger{_filter_words(wanted)}"))
    lines = [entry_text(entry) for entry in page.entries] or ["No entries."]
    container.add_item(discord.ui.TextDisplay("\n".join(lines)))
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if page.entries and page.has_newer:
        row.add_item(LedgerButton(wanted, page.entries[0].id, older=False))
    if page.entries and page.has_older:
        row.add_item(LedgerButton(wanted, page.entries[-1].id, older=True))
    if row.children:
        container.add_item(row)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def entry_text(entry: Entry, *, with_member: bool = True) -> str:
    """Return one entry in a line."""
    words = [f"<t:{round(entry.created_at)}:f>", _what(entry)]
    if with_member and entry.member_id is not None:
        words.append(f"<@{entry.member_id}>")
    if entry.job_id is not None:
        words.append(f"{escape(entry.model_slug or '')} `{entry.job_id}`")
    if entry.actor_id is not None:
        words.append(f"by <@{entry.actor_id}>")
    if entry.reason:
        words.append(f"“{excerpt(entry.reason, 80)}”")
    return "- " + " · ".join(words)


def ledger_csv(entries: Iterable[Entry]) -> bytes:
    """Return the entries as a table in CSV. Text that a spreadsheet would take for a formula is kept from being one."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow([_cell(name, getattr(entry, name)) for name in _COLUMNS])
    return out.getvalue().encode()


def _cell(name: str, value: object) -> object:
    if name == "created_at" and isinstance(value, float):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def _what(entry: Entry) -> str:
    match entry.kind:
        case Kind.HOLD:
            return f"**held** {amount_words(entry.held_delta)}"
        case Kind.CAPTURE:
            return f"**spent** {amount_words(entry.spent_delta)}{_overrun(entry)}"
        case Kind.KEPT:
            return f"**spent** {amount_words(entry.spent_delta)}, failed and kept by the provider{_overrun(entry)}"
        case Kind.RELEASE:
            return f"**released** {amount_words(-entry.held_delta)}"
        case Kind.REFUND:
            return f"**refunded** {amount_words(-entry.spent_delta)}"
        case Kind.CORRECTION:
            return f"**corrected** by {entry.charged_delta:+,} credits{_overrun(entry)}"
        case Kind.GRANT:
            return f"**granted** {amount_words(entry.granted_delta)}"


def _overrun(entry: Entry) -> str:
    return f" (⚠️ {entry.overrun:,} above the hold)" if entry.overrun else ""


def _filter_words(wanted: LedgerFilter) -> str:
    words = []
    if wanted.member_id is not None:
        words.append(f"of <@{wanted.member_id}>")
    if wanted.job_id is not None:
        words.append(f"of job `{wanted.job_id}`")
    if wanted.period is not None:
        words.append(f"in {wanted.period[1]}")
    return "".join(f" {word}" for word in words)
