"""The provider's client and the owner's file of models, as the settings name them."""

import time
from collections.abc import Mapping

from bot.domain.json_value import JsonObject
from bot.settings import Settings, SettingsProblem
from bot.studio.client import StudioClient
from bot.studio.legacy import LegacyClient
from bot.studio.models_file import ModelsFileProblem, read_models_file
from bot.studio.protocol import Provider


def read_cards(settings: Settings) -> Mapping[str, JsonObject]:
    """Return what the owner's file of models states, by slug. Raises SettingsProblem if it cannot be used."""
    if settings.models_file is None:
        return {}
    try:
        return read_models_file(settings.models_file)
    except ModelsFileProblem as problem:
        raise SettingsProblem(f"MODELS_FILE is wrong: {problem}") from None


def make_provider(settings: Settings) -> Provider:
    """Return the client of the provider's API that the settings name."""
    client = LegacyClient if settings.studio_api == "legacy" else StudioClient
    return client(settings.studio_base_url, settings.studio_api_key.get_secret_value(), time.time)
