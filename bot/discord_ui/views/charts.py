"""Spending as a picture: by day, and by model. `bot.discord_ui.views.usage_card` shows it with its numbers as text.

A phone shows the picture a fifth of its size: the letters are as large as they must be there. Colours never stand
alone, for people who cannot tell them apart: each model has a pattern, too.

matplotlib takes a second and 60 MiB to import: that happens at the first chart, and in the thread that draws it.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.discord_ui.language.speaking import day_and_month, number, say
from bot.discord_ui.views.words import NameOf
from bot.domain.spending import Spending

WIDTH_PIXELS = 1_600
MODELS_SHOWN = 7
"""Models that have a look and a bar of their own. The others share one."""
DAYS_SHOWN_MIN = 7
_WIDTH_INCHES = 8
_LETTERS = 22
"""Points of the smallest letters: 11 pixels where the picture is 300 pixels wide."""
_DAYS_INCHES, _BAR_INCHES, _HEADING_INCHES = 3.6, 0.55, 0.8
_DATES_SHOWN_MAX = 4
_NAME_MAX = 20
_INK, _SOFT, _GRID, _BACKGROUND = "#f2f3f5", "#c9cdd3", "#45474e", "#2b2d31"
_LOOKS = (
    ("#5865f2", ""),
    ("#3ba55c", "//"),
    ("#faa61a", ".."),
    ("#eb459e", "xx"),
    ("#3ba9ee", "\\\\"),
    ("#f47b67", "oo"),
    ("#9c84ef", "--"),
)
"""Colour and pattern of each model, the largest first."""
_REST = ("#80848e", "")


def usage_chart(spending: Spending, name_of: NameOf) -> bytes:
    """Return a PNG, WIDTH_PIXELS wide, of spending that is not nothing.

    Blocks for about a second: call it in a thread. Raises ImportError where matplotlib is not installed.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - only when drawn
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415 - only when drawn

    models = spending.by_model(MODELS_SHOWN)
    spending = spending.since_the_first(DAYS_SHOWN_MIN)
    looks = dict(zip((slug for slug, _ in models if slug is not None), _LOOKS, strict=False))
    bars_inches = _HEADING_INCHES + _BAR_INCHES * len(models)
    figure = Figure(
        figsize=(_WIDTH_INCHES, _DAYS_INCHES + bars_inches),
        dpi=WIDTH_PIXELS / _WIDTH_INCHES,
        facecolor=_BACKGROUND,
        layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.12),
    )
    # Parts of their own: long names of models must not narrow the days.
    grid = figure.add_gridspec(2, 1, height_ratios=(_DAYS_INCHES, bars_inches))
    days, bars = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
    for part in (days, bars):
        part.set_facecolor(_BACKGROUND)
    _draw_days(days.add_subplot(), spending, looks)
    _draw_models(bars.add_subplot(), models, looks, name_of)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _draw_days(axes: Any, spending: Spending, looks: Mapping[str, tuple[str, str]]) -> None:
    place = {day: position for position, day in enumerate(spending.days)}
    sums: dict[str | None, list[int]] = {slug: [0] * len(place) for slug in (*looks, None)}
    for item in spending.spent:
        if item.day in place:
            sums[item.model_slug if item.model_slug in looks else None][place[item.day]] += item.spent
    below = [0] * len(place)
    for slug, amounts in sums.items():
        if any(amounts):
            axes.bar(range(len(place)), amounts, bottom=below, width=0.8, **_look(slug, looks))
            below = [low + amount for low, amount in zip(below, amounts, strict=True)]
    _dress(axes, say("Credits by day"))
    every = -(-len(place) // _DATES_SHOWN_MAX)
    shown = range((len(place) - 1) % every, len(place), every)
    axes.set_xticks(list(shown), [_day(spending.days[position]) for position in shown])
    axes.set_xlim(-0.6, len(place) - 0.4)
    axes.set_ylim(0, max(10, *(amount * 1.08 for amount in below)))
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.yaxis.set_major_formatter(lambda value, _position: number(round(value)))
    axes.grid(axis="y", color=_GRID, linewidth=0.8)


def _draw_models(
    axes: Any, models: Sequence[tuple[str | None, int]], looks: Mapping[str, tuple[str, str]], name_of: NameOf
) -> None:
    for position, (slug, amount) in enumerate(models):
        axes.barh(position, amount, height=0.75, **_look(slug, looks))
        axes.text(amount, position, f" {number(amount)}", color=_INK, fontsize=_LETTERS, va="center")
    _dress(axes, say("By model"))
    names = [say("others") if slug is None else _label(name_of(slug)) for slug, _ in models]
    axes.set_yticks(range(len(models)), names, parse_math=False)
    axes.set_xticks([])
    axes.set_xlim(0, max(amount for _, amount in models) * 1.25)
    axes.set_ylim(len(models) - 0.5, -0.5)


def _look(slug: str | None, looks: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    colour, pattern = _REST if slug is None else looks[slug]
    return {"color": colour, "hatch": pattern, "edgecolor": _BACKGROUND, "linewidth": 0}


def _dress(axes: Any, heading: str) -> None:
    axes.set_title(heading, loc="left", color=_INK, fontsize=_LETTERS + 1, fontweight="bold")
    axes.set_facecolor(_BACKGROUND)
    axes.set_axisbelow(True)
    axes.tick_params(colors=_SOFT, labelsize=_LETTERS, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _day(key: str) -> str:
    return day_and_month(date.fromisoformat(key), short=True)


def _label(name: str) -> str:
    """Return a name short enough to stand beside its bar, without characters that the chart's font lacks."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415 - only when drawn

    known = get_font(findfont("DejaVu Sans")).get_charmap()
    drawable = "".join(letter for letter in name if ord(letter) in known).strip() or "?"
    return drawable if len(drawable) <= _NAME_MAX else drawable[: _NAME_MAX - 1] + "…"
