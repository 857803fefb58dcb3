"""What a control of the panel of `/settings` is for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """The page that a control belongs to, what the page is to do, and an argument of the page's own.

    All three are part of the control's custom id (`bot.discord_ui.views.settings_panel.controls`).
    """

    page: str
    action: str
    argument: str = ""
