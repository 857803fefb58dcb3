"""What tests need of discord.py that it does not offer: another address, and the fields of a dialog without a cast."""

from typing import Any

import pytest
from discord import ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from sandbox.discord import DiscordSandbox


def point_discord_py_at(sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send all requests and gateway connections of this process to the sandbox, for one test."""
    monkeypatch.setattr(Route, "BASE", sandbox.api_base)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(sandbox.gateway_url))


def field_of(label: ui.Label[Any]) -> Any:
    """Return the text input, select or upload inside a label; discord.py types it as an item of any kind."""
    return label.component
