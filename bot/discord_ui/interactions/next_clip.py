"""What a control of the preview of *Continue* is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NextClip:
    """The clip that is to be continued, and the model that is chosen for that.

    All of it is part of the control's custom id (`bot.discord_ui.views.continue_preview`).
    """

    job_id: str
    position: int
    """The clip's position among its job's results, counted from 0."""
    model_slug: str = ""
    """Empty while none was chosen."""
    reel_id: int = 0
    """The reel to which the continuation is added; 0: none."""
