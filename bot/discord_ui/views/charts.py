"""Spending as a picture: by day, by model, and for moderators by member.

matplotlib takes a second and 60 MiB to import: that happens at the first chart, and in the thread that draws it.
"""

import io
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from bot.services.credits import Spending

K = TypeVar("K", bound=Hashable)

BARS_MAX = 7
"""Bars of one diagram; models and members beyond the largest share one more."""
_NAME_MAX = 22
_INK, _SOFT, _GRID, _BACKGROUND = "#f2f3f5", "#b5bac1", "#45474e", "#2b2d31"
_COLOURS = ("#5865f2", "#3ba55c", "#faa61a", "#eb459e", "#3ba9ee", "#f47b67", "#9c84ef")
_GREY = "#80848e"
_OTHERS = "others"


def usage_chart(spending: Spending, title: str, member_names: Mapping[int, str] | None) -> bytes:
    """Return a PNG, 1200 pixels wide. Members are shown only if `member_names` are given.

    Blocks for about a second: call it in a thread. Raises ImportError where matplotlib is not installed.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415

    models = _largest((item.model_slug, item.spent) for item in spending.spent)
    colours = dict(zip((model for model, _ in models if model is not None), _COLOURS, strict=False))
    layout = ConstrainedLayoutEngine(w_pad=0.25, h_pad=0.2)
    figure = Figure(figsize=(12, 8 if models else 5), dpi=100, facecolor=_BACKGROUND, layout=layout)
    total = sum(item.spent for item in spending.spent)
    words = f"{_drawable(title)}: {total:,} credits in {len(spending.days)} days"
    figure.suptitle(words, color=_INK, fontsize=18, fontweight="bold", parse_math=False)
    if not models:
        _draw_days(figure.add_subplot(), spending, colours)
    else:
        grid = figure.add_gridspec(2, 2, height_ratios=(3, 2))
        _draw_days(figure.add_subplot(grid[0, :]), spending, colours)
        below = figure.add_subplot(grid[1, :] if member_names is None else grid[1, 0])
        by_model = {model or _OTHERS: spent for model, spent in models}
        _draw_bars(below, "By model, in the colours above", by_model, colours)
        if member_names is not None:
            members = _largest((item.member_id, item.spent) for item in spending.spent)
            named = {_member(member_id, member_names): spent for member_id, spent in members}
            one_colour = dict.fromkeys(named.keys() - {_OTHERS}, _COLOURS[0])
            _draw_bars(figure.add_subplot(grid[1, 1]), "By member", named, one_colour)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def top_members(spending: Spending) -> list[int]:
    """Return the members whose bars have names of their own, the largest first."""
    members = _largest((item.member_id, item.spent) for item in spending.spent)
    return [member_id for member_id, _ in members if member_id is not None]


def _largest(amounts: Iterable[tuple[K, int]]) -> list[tuple[K | None, int]]:
    """Return the sums of the largest keys, and under None what all others add up to."""
    sums: Counter[K] = Counter()
    for key, amount in amounts:
        sums[key] += amount
    ordered: list[tuple[K | None, int]] = list(sums.most_common())
    rest = sum(amount for _, amount in ordered[BARS_MAX:])
    return ordered[:BARS_MAX] + ([(None, rest)] if rest else [])


def _draw_days(axes: Any, spending: Spending, colours: Mapping[str, str]) -> None:
    place = {day: number for number, day in enumerate(spending.days)}
    sums: dict[str | None, list[int]] = {model: [0] * len(place) for model in (*colours, None)}
    for item in spending.spent:
        if item.day in place:
            sums[item.model_slug if item.model_slug in colours else None][place[item.day]] += item.spent
    below = [0] * len(place)
    for model, amounts in sums.items():
        if any(amounts):
            colour = _GREY if model is None else colours[model]
            axes.bar(range(len(place)), amounts, bottom=below, color=colour, width=0.8)
            below = [low + amount for low, amount in zip(below, amounts, strict=True)]
    _dress(axes, "By day")
    every = -(-len(place) // 15)
    shown = range((len(place) - 1) % every, len(place), every)
    axes.set_xticks(list(shown), [date.fromisoformat(spending.days[number]).strftime("%d %b") for number in shown])
    axes.set_xlim(-0.6, len(place) - 0.4)
    axes.set_ylim(0, max(10, *(amount * 1.08 for amount in below)))
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylabel("credits", color=_SOFT)
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    if not any(below):
        axes.text(0.5, 0.5, "Nothing was spent", color=_SOFT, fontsize=16, ha="center", transform=axes.transAxes)


def _draw_bars(axes: Any, heading: str, amounts: Mapping[str, int], colours: Mapping[str, str]) -> None:
    bars = axes.barh(range(len(amounts)), list(amounts.values()), color=[colours.get(name, _GREY) for name in amounts])
    axes.bar_label(bars, [f"{amount:,}" for amount in amounts.values()], padding=4, color=_INK)
    _dress(axes, heading)
    axes.set_yticks(range(len(amounts)), [_label(name) for name in amounts], parse_math=False)
    axes.set_xticks([])
    axes.set_xlim(0, max(amounts.values()) * 1.15)
    axes.set_ylim(max(len(amounts), 4) - 0.5, -0.5)


def _dress(axes: Any, heading: str) -> None:
    axes.set_title(heading, loc="left", color=_INK, fontsize=13)
    axes.set_facecolor(_BACKGROUND)
    axes.set_axisbelow(True)
    axes.tick_params(colors=_SOFT, labelsize=11, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _member(member_id: int | None, names: Mapping[int, str]) -> str:
    """Return a member's name. Several members may share a name: the end of the id keeps their bars apart."""
    if member_id is None:
        return _OTHERS
    name = names.get(member_id)
    tail = f"…{member_id % 10_000:04}"
    if name is None:
        return tail
    alone = sum(other == name for other in names.values()) == 1
    return name if alone else f"{name} {tail}"


def _label(name: str) -> str:
    """Return a name short enough to stand beside its bar."""
    drawable = _drawable(name)
    return drawable if len(drawable) <= _NAME_MAX else drawable[: _NAME_MAX - 1] + "…"


def _drawable(name: str) -> str:
    """Return a name without the characters that the chart's font lacks, which would be drawn as boxes."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415

    known = get_font(findfont("DejaVu Sans")).get_charmap()
    return "".join(letter for letter in name if ord(letter) in known).strip() or "?"
