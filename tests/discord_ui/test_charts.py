"""The usage chart and the card around it: what is drawn, how large, and that every number is text, too."""

import struct
from typing import Any

import pytest

from bot.discord_ui.views.charts import WIDTH_PIXELS, usage_chart
from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX
from bot.discord_ui.views.usage_card import NO_CHARTS, alternative_text, usage_card
from bot.domain.periods import last_days
from bot.domain.spending import Spending, Spent
from sandbox.discord.model import Json
from sandbox.discord.walk import walk
from tests.support.credits_world import NOON

DAYS = last_days(NOON, "UTC", 30)
PHONE_PIXELS = 300
"""The width of a picture in a card on a phone."""


def name_of(slug: str) -> str:
    return {"model_0": "$5 Zoë 🎬 \\frac{", "model_1": "映像", "model_2": "N" * 300}.get(slug, slug.upper())


def spending(members: int = 3, models: int = 2) -> Spending:
    return Spending(
        DAYS,
        tuple(Spent(DAYS[n % 30], f"model_{n % models}", 100_000 + n % members, 10 + n) for n in range(60)),
    )


TODAY = Spending(DAYS, (Spent(DAYS[-1], "model_3", 7, 600), Spent(DAYS[-1], "model_4", 8, 240)))


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The figures that are drawn, as matplotlib laid them out."""
    from matplotlib.figure import Figure

    saved: list[Any] = []
    savefig = Figure.savefig

    def note(figure: Figure, *args: Any, **options: Any) -> None:
        saved.append(figure)
        savefig(figure, *args, **options)

    monkeypatch.setattr(Figure, "savefig", note)
    return saved


def texts(figure: Any) -> list[Any]:
    from matplotlib.text import Text

    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def shown(card: Any) -> tuple[str, list[Json]]:
    """Return the card's text and its pictures."""
    components: list[Json] = card.to_components()
    parts = [part for _, part in walk(components)]
    pictures = [item for part in parts for item in part.get("items", [])]
    return "\n".join(str(part["content"]) for part in parts if "content" in part), pictures


@pytest.mark.parametrize("spent", [TODAY, spending(), spending(models=12)])
def test_letters_can_be_read_on_a_phone_and_no_part_is_empty(spent: Spending, figures: list[Any]) -> None:
    picture = usage_chart(spent, name_of)
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == WIDTH_PIXELS
    assert height < 1.3 * width
    [figure] = figures
    smallest = min(text.get_fontsize() for text in texts(figure))
    assert smallest / 72 * figure.dpi * PHONE_PIXELS / WIDTH_PIXELS >= 11
    days, models = figure.axes
    drawn = [axes.get_tightbbox().height for axes in (days, models)]
    assert sum(drawn) > 0.85 * height
    assert all(axes.get_tightbbox().width > 0.85 * width for axes in (days, models))


def test_days_before_anything_was_spent_are_not_drawn(figures: list[Any]) -> None:
    usage_chart(TODAY, name_of)
    labels = [label.get_text() for label in figures[0].axes[0].get_xticklabels()]
    assert labels == ["27 Oct", "29 Oct", "31 Oct", "2 Nov"]


def test_names_of_every_kind_are_drawn_and_those_beyond_the_largest_share_a_bar(figures: list[Any]) -> None:
    usage_chart(spending(models=12), name_of)
    names = [label.get_text() for label in figures[0].axes[1].get_yticklabels()]
    assert len(names) == 8
    assert names[-1] == "others"
    usage_chart(spending(models=3), name_of)
    names = [label.get_text() for label in figures[1].axes[1].get_yticklabels()]
    assert sorted(names) == ["$5 Zoë  \\frac{", "?", "N" * 19 + "…"]


def test_bars_differ_by_more_than_their_colour(figures: list[Any]) -> None:
    usage_chart(spending(models=7), name_of)
    patterns = {patch.get_hatch() for patch in figures[0].axes[1].patches}
    assert len(patterns) == 7


def test_every_number_of_the_picture_is_text_too() -> None:
    text, [picture] = shown(usage_card(TODAY, "Film *Club*", name_of, with_members=True))
    assert "## Film \\*Club\\*\nSpent in the latest 30 days: **840 credits**." in text
    assert "- MODEL\\_3: **600** (71%)" in text
    assert "- <@8>: **240** (29%)" in text
    assert picture["description"] == alternative_text(TODAY, name_of)
    assert alternative_text(TODAY, name_of) == (
        "Two bar charts of what was spent. In all: 840 credits. By model: MODEL_3 600, MODEL_4 240. "
        "By day, latest first: 2 November 840."
    )
    assert len(alternative_text(spending(models=12), lambda _: "N" * 300)) <= ALTERNATIVE_TEXT_MAX


def test_members_are_named_to_those_who_may_know_only() -> None:
    text, _ = shown(usage_card(spending(members=20), "Your spending", name_of, with_members=False))
    assert "<@" not in text
    text, _ = shown(usage_card(spending(members=20), "Film Club", name_of, with_members=True))
    assert text.count("<@") == 10
    assert "- others: **" in text


def test_without_a_picture_the_numbers_stand_alone_and_nothing_needs_none() -> None:
    text, pictures = shown(usage_card(TODAY, "Film Club", name_of, with_members=False, unpictured=NO_CHARTS))
    assert pictures == []
    assert "**600**" in text
    assert "Charts are not installed" in text
    text, _ = shown(usage_card(Spending(DAYS, ()), "Film Club", name_of, with_members=True))
    assert text == "## Film Club\nNothing was spent in the latest 30 days."
