"""What is asked before a film is made of a reel, and what is answered then."""

from bot.discord_ui.language.speaking import say, say_many
from bot.discord_ui.views.reel_panel.words import title_of
from bot.domain.reel_rules import Measure
from bot.domain.reels import Reel
from bot.services.reel_views import RenderAsked


def missing_words(sums: Measure) -> str | None:
    """Return the question whether a film is wanted without the clips that cannot be in it; None where all can."""
    lines = []
    if sums.gone:
        lines.append(
            say_many(
                "{count} video of this reel is gone: it was deleted, or could not be made.",
                "{count} videos of this reel are gone: they were deleted, or could not be made.",
                sums.gone,
            )
        )
    if sums.coming:
        lines.append(
            say_many(
                "{count} video of this reel is still being made.",
                "{count} videos of this reel are still being made.",
                sums.coming,
            )
        )
    if not lines:
        return None
    return "\n".join([*lines, say("Shall I make the film without what is missing?")])


def asked_words(reel: Reel, asked: RenderAsked) -> str:
    """Return the answer to whoever asked for a film."""
    title = title_of(reel)
    if not asked.ahead:
        return say("🎬 The film of **{title}** is made now, and posted here when it is done.", title=title)
    return say_many(
        "🎬 The film of **{title}** is made after {count} other, and posted here when it is done.",
        "🎬 The film of **{title}** is made after {count} others, and posted here when it is done.",
        asked.ahead,
        title=title,
    )
