"""Jobs that only an owner can decide about: each with the renders that could be its own, and buttons."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import mark_on, say, say_many, say_on
from bot.discord_ui.views.escaping import code, excerpt
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.message_limits import CUSTOM_ID_MAX, DISPLAYED_CHARACTERS_MAX, length
from bot.discord_ui.views.words import NameOf, relative
from bot.domain.cases import Candidate, Case
from bot.domain.jobs import JOB_ID_LENGTH
from bot.services.operations import Resolution

COMPONENTS_MAX = 40
"""Components of one message, which is Discord's limit."""
CANDIDATES_SHOWN = 5
_LABELS = {
    Resolution.FOUND: mark_on("button", "This one"),
    Resolution.PAID: mark_on("button", "Charged, but lost"),
    Resolution.NOT_SENT: mark_on("button", "Never sent: send it again"),
}
_TEMPLATE = re.compile(
    rf"{PREFIX}:case:(?P<resolution>{'|'.join(Resolution)}):(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}}):(?P<remote>.*)",
    re.DOTALL,
)


class CaseButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Decides about one unclear job. `remote_id` is the provider's id of the render that was found."""

    def __init__(self, resolution: Resolution, job_id: str, remote_id: str | None = None) -> None:
        super().__init__(
            discord.ui.Button(
                label=say_on("button", _LABELS[resolution]),
                style=discord.ButtonStyle.primary if remote_id else discord.ButtonStyle.secondary,
                custom_id=_custom_id(resolution, job_id, remote_id),
            )
        )
        self.resolution = resolution
        self.job_id = job_id
        self.remote_id = remote_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(Resolution(match["resolution"]), match["job"], match["remote"] or None)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).case_button, interaction, self.job_id, self.resolution, self.remote_id)


def cases_view(cases: Sequence[Case], name_of: NameOf) -> discord.ui.LayoutView:
    """Return as many of the cases as one message holds, the oldest first."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    heading = (
        say_many("## {count} unclear job", "## {count} unclear jobs", len(cases))
        if cases
        else say("No job is unclear.")
    )
    container.add_item(discord.ui.TextDisplay(heading))
    room, characters = COMPONENTS_MAX - 2, DISPLAYED_CHARACTERS_MAX - 200
    for shown, case in enumerate(cases):
        items = _items(case, name_of)
        room -= sum(_components(item) for item in items)
        characters -= sum(length(_text(item)) for item in items)
        if room < 1 or characters < 0:
            container.add_item(
                discord.ui.TextDisplay(
                    say("-# … and {number} more. Decide about these first.", number=len(cases) - shown)
                )
            )
            break
        for item in items:
            container.add_item(item)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _items(case: Case, name_of: NameOf) -> list[discord.ui.Item[Any]]:
    job = case.job
    lines = [
        say_many(
            "**{model}** · job `{job}` of {member} · {count} credit held",
            "**{model}** · job `{job}` of {member} · {count} credits held",
            job.held,
            model=excerpt(job.model_name, 80),
            job=job.id,
            member=f"<@{job.member_id}>",
        ),
        say("-# Sent {moment}: {why}", moment=relative(job.attempt_at or job.created_at), why=excerpt(case.why, 300)),
    ]
    if job.prompt:
        lines.insert(1, f"> {excerpt(job.prompt, 100)}")
    choosable = [one for one in case.candidates if _fits(job.id, one)][:CANDIDATES_SHOWN]
    if choosable:
        lines.append(say("Is it one of these renders, which belong to no job?"))
    if len(case.candidates) > len(choosable):
        lines.append(
            say_many(
                "-# {count} other render could be it, too: see the provider's own pages, and use `/owner resolve`.",
                "-# {count} other renders could be it, too: see the provider's own pages, and use `/owner resolve`.",
                len(case.candidates) - len(choosable),
            )
        )
    items: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay("\n".join(lines))]
    items += [
        discord.ui.Section(
            discord.ui.TextDisplay(_candidate_words(candidate, name_of)),
            accessory=CaseButton(Resolution.FOUND, job.id, candidate.remote_id),
        )
        for candidate in choosable
    ]
    items.append(discord.ui.ActionRow(CaseButton(Resolution.NOT_SENT, job.id), CaseButton(Resolution.PAID, job.id)))
    return items


def _candidate_words(candidate: Candidate, name_of: NameOf) -> str:
    words = [code(candidate.remote_id, 80)]
    if candidate.created_at is not None:
        words.append(relative(candidate.created_at))
    if candidate.model:
        words.append(excerpt(name_of(candidate.model), 80))
    if candidate.prompt:
        words.append(excerpt(candidate.prompt, 80))
    return " · ".join(words)


def _custom_id(resolution: Resolution, job_id: str, remote_id: str | None) -> str:
    return f"{PREFIX}:case:{resolution}:{job_id}:{remote_id or ''}"


def _fits(job_id: str, candidate: Candidate) -> bool:
    """Tell whether a button can name the candidate: Discord limits what a button remembers."""
    return length(_custom_id(Resolution.FOUND, job_id, candidate.remote_id)) <= CUSTOM_ID_MAX


def _components(item: discord.ui.Item[Any]) -> int:
    if isinstance(item, discord.ui.Section):
        return 3
    return 1 + len(item.children) if isinstance(item, discord.ui.ActionRow) else 1


def _text(item: discord.ui.Item[Any]) -> str:
    if isinstance(item, discord.ui.Section):
        return "".join(_text(child) for child in item.children)
    return item.content if isinstance(item, discord.ui.TextDisplay) else ""
