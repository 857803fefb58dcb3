"""What people read of reels: every panel, card and refusal, from facts without English words."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import discord

from bot.discord_ui.views.reel_panel import cards, film_words, panel, words
from bot.domain.films import ClipFacts, Fit, Transition
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_renders import ReelRender, ReelRenderState
from bot.domain.reel_rules import measure
from bot.domain.reels import ClipCondition, Reel, ReelAccess, ReelClip, ReelPart, TitleCard
from bot.services.reel_views import Added, BackgroundSound, ReelLine, ReelView, RenderAsked

FOX = "Лиса"
LONG = "_Лиса*" * 400
FACTS = ClipFacts(1920, 1080, Fraction(24), 8_000, sound=True, size=3_000_000)
REEL = Reel(9, 5, 6, 7, FOX, 3, ReelAccess.EVERYBODY, Fit.LETTERBOX, True, 1.0, 2.0, 6, 8)
CLIP = ReelClip(
    4, Transition.CUT, 7, "k5vvk6pe933k", 0, 7, FOX, FOX, False, ClipCondition.READY, 0, None, sound=True, facts=FACTS
)
CARD = TitleCard(5, Transition.FADE, 7, FOX, 3.0)
RENDER = ReelRender(
    1, 9, 5, 6, 7, 1.0, ReelRenderState.WAITING, 0, 0, None, None, None, 0, None, None, None, None, None
)
PARTS: tuple[ReelPart, ...] = (
    *(replace(CLIP, id=10 + number, condition=condition) for number, condition in enumerate(ClipCondition)),
    replace(CLIP, id=20, start_ms=1_000, end_ms=2_000, sound=False, transition=Transition.FADE, maker_id=-3),
    replace(CLIP, id=21, start_ms=1_000, facts=None),
    CARD,
    *(replace(CLIP, id=30 + number, prompt=LONG) for number in range(8)),
)


def view(reel: Reel = REEL, parts: tuple[ReelPart, ...] = PARTS, render: ReelRender | None = None) -> ReelView:
    sound = BackgroundSound(LONG, 5_000_000) if parts else None
    return ReelView(reel, parts, (7, 8), sound, measure(reel, parts, 10_000_000), render, 3)


def reels() -> Iterator[str | discord.ui.LayoutView]:
    """Yield all that is shown of reels."""
    for access, fit in product(ReelAccess, Fit):
        reel = replace(REEL, access=access, fit=fit, credits=fit is Fit.CROP, title=LONG[:100])
        yield cards.options_card(view(reel), FOX)
        for page in range(3):
            yield panel.panel_view(view(reel), page, {part.id: "a.jpg" for part in PARTS})
    yield panel.panel_view(view(replace(REEL, title=""), ()), 0, {})
    yield cards.options_card(view(REEL, ()))
    for render, ahead in ((RENDER, 3), (RENDER, 0), (replace(RENDER, state=ReelRenderState.RUNNING), 0)):
        yield panel.panel_view(replace(view(render=render), renders_ahead=ahead), 0, {})
    for part in PARTS:
        yield cards.part_card(view(), part.id, None, FOX)
    yield cards.part_card(view(), 999, None)
    yield cards.added_card(Added(REEL, (1, 2), 4), None)
    yield cards.choose_card([REEL] * 30, "k5vvk6pe933k")
    yield cards.list_card([ReelLine(replace(REEL, title=LONG[:100]), number) for number in range(100)])
    yield cards.list_card([])
    yield panel.alternative_text(CLIP, 0)
    for sums in (view().measure, replace(view().measure, gone=1, coming=0), replace(view().measure, gone=0, coming=2)):
        yield film_words.missing_words(sums) or ""
    yield from (film_words.asked_words(REEL, RenderAsked(1, ahead)) for ahead in (0, 1, 5))
    data: dict[str, int | str] = {
        "maker": 7,
        "text": FOX,
        "bytes": 9_000_000,
        "ms": 8_000,
        "seconds": 400,
        "maximum": 300,
        "minimum": 1,
    }
    for problem in ReelProblem:
        yield words.problem_words(ReelRefused(problem, **data))
