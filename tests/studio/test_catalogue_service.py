"""The catalogue in the running bot: kept, replaced when it differs, and never lost to a bad answer."""

import json
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import delete

from bot.doctor.catalogue import capture, check_catalogue
from bot.domain.blocking import BlockedReason
from bot.domain.capabilities import Catalogue
from bot.domain.notices import NoticeKind
from bot.services.catalogue import CatalogueService
from bot.storage import accounts, notices
from bot.storage.database import Database
from bot.storage.tables.provider import OWNER_ACCOUNT, model_names_table
from bot.studio.client import StudioClient
from bot.studio.errors import BadAnswer, Unauthorized
from bot.workers.catalogue import REFRESH_SECONDS, RETRY_SECONDS, CatalogueRefresh
from sandbox.studio import StudioSandbox
from tests.studio.conftest import KEY, OddServer


def service_of(client: StudioClient, database: Database) -> CatalogueService:
    return CatalogueService(client, database, lambda: 1000.0)


async def test_only_a_catalogue_that_differs_is_told_to_subscribers(
    studio: StudioSandbox, client: StudioClient, sqlite_database: Database
) -> None:
    service = service_of(client, sqlite_database)
    told: list[Catalogue] = []

    async def broken(_: Catalogue) -> None:
        raise RuntimeError("Discord is down")

    async def listen(catalogue: Catalogue) -> None:
        told.append(catalogue)

    service.subscribe(broken)
    service.subscribe(listen)
    assert service.current is None
    for _ in range(2):
        assert await CatalogueRefresh(service).step() == REFRESH_SECONDS
    assert told == [service.current]

    del studio.catalogue["veo31_fast"]
    await CatalogueRefresh(service).step()
    assert len(told) == 2
    assert told[1].get("veo31_fast") is None


async def test_the_last_good_catalogue_outlives_bad_answers_and_restarts(
    studio: StudioSandbox, client: StudioClient, sqlite_database: Database
) -> None:
    await CatalogueRefresh(service_of(client, sqlite_database)).step()

    restarted = service_of(client, sqlite_database)
    await restarted.load_stored()
    assert restarted.current is not None
    assert {model.slug for model in restarted.current.models} == set(studio.catalogue)
    known = restarted.current

    studio.faults.add("error_before", "models")
    assert await CatalogueRefresh(restarted).step() == RETRY_SECONDS
    studio.faults.add("rate_limited", "models", seconds=200)
    assert await CatalogueRefresh(restarted).step() == 200
    studio.faults.add("rate_limited", "models", seconds=86_400)
    assert await CatalogueRefresh(restarted).step() == 300
    studio.models_shape = "empty"
    assert await CatalogueRefresh(restarted).step() == RETRY_SECONDS
    with pytest.raises(BadAnswer):
        await restarted.refresh()
    assert restarted.current is known


async def test_a_model_that_left_the_catalogue_keeps_its_name(
    studio: StudioSandbox, client: StudioClient, database: Database
) -> None:
    service = service_of(client, database)
    await service.refresh()
    assert service.name_of("grok_imagine_video") == "Grok Imagine Video"

    # An update reads the stored answer first. The model is gone before the next answer of the provider.
    await database.write(lambda conn: conn.execute(delete(model_names_table)))
    restarted = service_of(client, database)
    await restarted.load_stored()
    del studio.catalogue["grok_imagine_video"]
    await restarted.refresh()
    assert restarted.current is not None
    assert restarted.current.get("grok_imagine_video") is None
    assert restarted.name_of("grok_imagine_video") == "Grok Imagine Video"

    again = service_of(client, database)
    await again.load_stored()
    assert again.name_of("grok_imagine_video") == "Grok Imagine Video"
    assert again.name_of("veo31_fast") == "Veo 3.1 Fast"
    assert again.name_of("never_heard_of") == "Never heard of"


async def test_the_doctor_shows_each_model_and_what_was_not_understood(
    studio: StudioSandbox, client: StudioClient
) -> None:
    lines: list[str] = []
    assert await check_catalogue(client, {}, lines.append) == 0
    text = "\n".join(lines)
    assert all(slug in text for slug in studio.catalogue)
    assert "20 per second (std)" in text
    assert "14 models understood, 0 skipped" in lines[-1]

    studio.models_shape = "one_broken"
    lines.clear()
    assert await check_catalogue(client, {}, lines.append) == 1
    assert "SKIPPED broken_model: its aspect ratios cannot be read" in lines

    studio.faults.add("error_before", "models")
    lines.clear()
    assert await check_catalogue(client, {}, lines.append) == 1
    assert lines == ["The provider did not answer: ServerError: Service temporarily unavailable"]


async def untold(database: Database) -> list[NoticeKind]:
    return [notice.kind for notice in await database.read(notices.untold)]


async def test_the_documented_models_serve_if_nothing_is_understood_and_the_owner_is_told(
    odd: OddServer, sqlite_database: Database
) -> None:
    service = CatalogueService(odd.client, sqlite_database, lambda: 1000.0)
    told: list[Catalogue] = []

    async def listen(catalogue: Catalogue) -> None:
        told.append(catalogue)

    service.subscribe(listen)
    odd.answers('{"success": true, "payload": {"things": [1, 2]}}')
    assert await CatalogueRefresh(service).step() == RETRY_SECONDS
    assert service.current is not None
    assert [model.slug for model in service.current.models] == [
        "kling_3_0", "kling_3_0_motion_control", "veo31_fast", "wan_2_6_v2v",
    ]  # fmt: skip
    assert told == [service.current]
    assert await untold(sqlite_database) == [NoticeKind.CATALOGUE_NOT_UNDERSTOOD]

    # A start without the provider does not take them for an answer of the provider.
    restarted = CatalogueService(odd.client, sqlite_database, lambda: 1000.0)
    await restarted.load_stored()
    assert restarted.current is None

    odd.answers('{"models": [{"slug": "m", "durations": [5]}]}')
    await service.refresh()
    assert [model.slug for model in service.current.models] == ["m"]
    assert await untold(sqlite_database) == []
    odd.answers('{"models": "soon"}')
    await CatalogueRefresh(service).step()
    assert [model.slug for model in service.current.models] == ["m"]
    assert await untold(sqlite_database) == [NoticeKind.CATALOGUE_NOT_UNDERSTOOD]


async def test_a_provider_that_does_not_answer_leaves_the_catalogue_unknown(
    odd: OddServer, sqlite_database: Database
) -> None:
    odd.answers('{"error": "Invalid API key"}', 401)
    service = CatalogueService(odd.client, sqlite_database, lambda: 1000.0)
    with pytest.raises(Unauthorized):
        await service.refresh()
    assert service.current is None
    assert service.key_refused, "members are told so, not to wait"
    assert await CatalogueRefresh(service).step() == RETRY_SECONDS
    odd.answers('{"models": [{"slug": "m", "name": "M", "durations": [5], "inputs": ["text"], "credits": 1}]}')
    await service.refresh()
    assert not service.key_refused


async def test_the_owner_hears_of_a_wrong_key_at_the_first_start(odd: OddServer, sqlite_database: Database) -> None:
    odd.answers('{"error": "Invalid API key"}', 401)
    service = CatalogueService(odd.client, sqlite_database, lambda: 1000.0)
    for _ in range(3):
        await CatalogueRefresh(service).step()
    assert await untold(sqlite_database) == [NoticeKind.KEY_REFUSED]
    account = await sqlite_database.read(accounts.find, OWNER_ACCOUNT)
    assert account.blocked_reason is BlockedReason.UNAUTHORIZED
    assert account.blocked_until == 1900.0


async def test_an_answer_with_odd_texts_is_kept(odd: OddServer, database: Database) -> None:
    odd.answers(
        '{"models": [{"slug": "m", "name": "N\\u0000ame", "durations": [5], "x": "\\ud800", "y": 1e999, "z": NaN}]}'
    )
    service = CatalogueService(odd.client, database, lambda: 1000.0)
    await service.refresh()
    restarted = CatalogueService(odd.client, database, lambda: 1000.0)
    await restarted.load_stored()
    assert restarted.current is not None
    assert [model.name for model in restarted.current.models] == ["Name"]


async def test_the_doctor_names_what_it_did_not_use_and_says_what_serves_instead(odd: OddServer) -> None:
    lines: list[str] = []
    odd.answers('{"models": [{"slug": "m", "durations": [5], "fps": 24, "limits": {"odd": 1}}]}')
    assert await check_catalogue(odd.client, {"own": {"durations": [8]}}, lines.append) == 0
    assert "      NOT USED: fps, limits.odd" in lines
    assert "      only in MODELS_FILE, not in the provider's answer" in lines
    lines.clear()
    odd.answers('{"success": true}')
    assert await check_catalogue(odd.client, {}, lines.append) == 1
    text = "\n".join(lines)
    assert "No model in the answer is understood" in text
    assert "veo31_fast · Veo 3.1 Fast" in text
    assert "--capture" in lines[-1]


async def test_the_doctor_writes_what_came_without_secrets(odd: OddServer, tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("/history/"):
            row = {
                "job_id": "r1", "status": "completed", "prompt": "a secret wish", "user_email": "mia@example.com",
                "result_urls": ["https://m.example/1.mp4?Signature=abc&Expires=1"], "note": f"key {KEY}",
            }  # fmt: skip
            return web.json_response({"jobs": [row]})
        if "/status/" in request.path:
            return web.Response(text="<h1>Not Found</h1>", status=404, content_type="text/html")
        return web.json_response({"models": [{"slug": "m", "odd": True, "prompt": {"max_length": 5}}]})

    odd.handler = answer
    path, lines = tmp_path / "answers.json", list[str]()
    assert await capture(odd.client, KEY, path, with_prompts=False, write=lines.append) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    models, history, status = json.loads(path.read_text())
    assert models["body"] == {"models": [{"slug": "m", "odd": True, "prompt": {"max_length": 5}}]}
    assert history["body"]["jobs"] == [
        {
            "job_id": "r1", "status": "completed", "prompt": "(left out)", "user_email": "(left out)",
            "result_urls": ["https://m.example/1.mp4?(left out)"], "note": "key (left out)",
        }
    ]  # fmt: skip
    assert (status["path"], status["status"]) == ("/api/v1/video-studio/status/r1/", 404)
    assert status["page"] == "<h1>Not Found</h1>"
    assert any("Prompts are left out" in line for line in lines)
    assert "Authorization" not in path.read_text()
    # Nothing is ever overwritten.
    assert await capture(odd.client, KEY, path, with_prompts=True, write=lines.append) == 1
    assert "File exists" in lines[-1]
    other = tmp_path / "with_prompts.json"
    assert await capture(odd.client, KEY, other, with_prompts=True, write=lines.append) == 0
    assert json.loads(other.read_text())[1]["body"]["jobs"][0]["prompt"] == "a secret wish"


async def test_the_doctor_writes_which_answers_did_not_come(odd: OddServer, tmp_path: Path) -> None:
    odd.answers("{}")
    await odd.client.models()
    await odd.client.close()
    path = tmp_path / "answers.json"
    assert await capture(odd.client, KEY, path, with_prompts=False, write=lambda _: None) == 0
    assert [answer["error"].split(":")[0] for answer in json.loads(path.read_text())] == ["Unreachable"] * 2
