"""The usage chart: what it draws, from names that people choose."""

import re
import struct

import pytest

from bot.discord_ui.views.charts import top_members, usage_chart
from bot.domain.ledger_views import Spent
from bot.domain.periods import last_days
from bot.services.credits import Spending
from tests.support.credits_world import NOON

DAYS = last_days(NOON, "UTC", 14)


def drawn(monkeypatch: pytest.MonkeyPatch, spending: Spending, names: dict[int, str] | None) -> set[str]:
    """Return every text in the chart, read from its drawing as SVG."""
    from matplotlib.figure import Figure

    saved: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, _out, **_options: saved.append(figure))
    usage_chart(spending, "Film Club", names)
    from matplotlib.text import Text

    return {str(text.get_text()) for text in saved[0].findobj(Text)} - {""}


def spending(members: int = 3, models: int = 2) -> Spending:
    return Spending(
        DAYS,
        tuple(Spent(DAYS[n % 14], f"model_{n % models}", 100_000 + n % members, 10 + n) for n in range(60)),
    )


def test_a_chart_is_a_png_of_1200_pixels() -> None:
    picture = usage_chart(spending(), "Film Club", {})
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (1200,)


def test_without_names_no_member_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = drawn(monkeypatch, spending(), None)
    assert "By member" not in texts
    assert not any(re.search(r"…\d{4}", text) for text in texts)
    assert {"By day", "model_0", "model_1"} <= texts


def test_names_of_every_kind_are_drawn_and_shared_ones_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {100_000: "mia", 100_001: "mia", 100_002: "$5 Zoë 🎬 \\frac{", 100_003: "映像", 100_004: "n" * 300}
    texts = drawn(monkeypatch, spending(members=6), names)
    assert {"mia …0000", "mia …0001", "$5 Zoë  \\frac{", "?", "n" * 21 + "…", "…0005"} <= texts
    monkeypatch.undo()
    assert usage_chart(spending(members=6), "$ 映像 \\frac{", names)


def test_those_beyond_the_largest_share_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    many = spending(members=20, models=12)
    texts = drawn(monkeypatch, many, {})
    assert len([text for text in texts if text.startswith("model_")]) == 7
    assert "others" in texts
    assert len(top_members(many)) == 7
    assert f"Film Club: {sum(item.spent for item in many.spent):,} credits in 14 days" in texts


def test_a_chart_of_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing was spent" in drawn(monkeypatch, Spending(DAYS, ()), {})
