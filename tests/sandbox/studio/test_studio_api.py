"""The routes over real sockets: answers, refusals, credits, the hourly limit, and the other shapes."""

import asyncio
from collections.abc import Callable
from typing import Any, get_args

import pytest

from sandbox.studio import StudioSandbox
from sandbox.studio.shapes import HistoryShape, ModelsShape
from tests.sandbox.studio.conftest import GENERATE, VEO, Client

HISTORY = "/api/v1/video-studio/history/"
MODELS = "/api/v1/models/video/"
LEGACY = "/api/v1/generate/video/"


async def test_generate_answers_job_ids_and_the_remaining_credits(client: Client) -> None:
    client.studio.set_credits(538)
    answer = await client.generate()
    assert answer.status == 200
    assert answer.body == {
        "success": True,
        "job_ids": [client.studio.jobs[0].job_id],
        "credits_remaining_total": 438,
    }


async def test_a_refused_request_says_why_and_costs_nothing(client: Client) -> None:
    answer = await client.generate(duration_seconds=5)
    assert answer.status == 400
    assert answer.body == {"success": False, "error": "Invalid duration for this model"}
    assert client.studio.records.charged() == 0
    assert client.studio.records.posts[0].error == "Invalid duration for this model"


async def test_a_body_that_is_not_json_is_refused(client: Client) -> None:
    answer = await client.call("POST", GENERATE, data=b"prompt=fox")
    assert (answer.status, answer.body["error"]) == (400, "Invalid JSON")


@pytest.mark.parametrize("header", ["Bearer sandbox-key", "Token sandbox-key", "sandbox-key", "bearer  sandbox-key"])
async def test_the_key_is_accepted_in_each_documented_form(client: Client, header: str) -> None:
    assert (await client.get(MODELS, headers={"Authorization": header})).status == 200


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "Bearer wrong"}])
@pytest.mark.parametrize("path", [MODELS, HISTORY, "/api/v1/video-studio/status/x/"])
async def test_without_a_valid_key_everything_is_401(client: Client, headers: dict[str, str], path: str) -> None:
    answer = await client.get(path, headers=headers)
    assert answer.status == 401
    assert answer.body["success"] is False


async def test_a_login_that_the_api_is_closed_to_gets_403_and_a_revoked_key_401(client: Client) -> None:
    client.studio.account.api_allowed = False
    assert (await client.generate()).status == 403
    client.studio.account.revoked = True
    assert (await client.generate()).status == 401


async def test_too_few_credits_are_402_with_both_figures(client: Client) -> None:
    client.studio.set_credits(94)
    answer = await client.generate(model_slug="veo31_quality")
    assert answer.status == 402
    assert answer.body == {
        "success": False,
        "error": "Insufficient credits",
        "credits_required": 250,
        "credits_available": 94,
    }
    client.studio.account.purchased = False
    assert (await client.generate()).body["error"] == "API access requires purchased credits"


async def test_unknown_slugs_jobs_and_paths_are_404_in_json(client: Client) -> None:
    assert (await client.generate(model_slug="nothing")).status == 404
    assert (await client.status("8990f846-f6f0-4ff1-a298-d0a72d49e7ad")).body["error"] == "Job not found"
    assert (await client.get("/api/v1/nothing/")).status == 404
    assert (await client.get(MODELS.rstrip("/"))).status == 404
    assert (await client.post(GENERATE.rstrip("/"), VEO)).status == 404


async def test_another_accounts_job_is_unknown(client: Client) -> None:
    client.studio.add_account("second-key", name="second")
    job = await client.finished()
    headers = {"Authorization": "Bearer second-key"}
    assert (await client.get(f"/api/v1/video-studio/status/{job.job_id}/", headers=headers)).status == 404
    assert (await client.get(HISTORY, headers=headers)).body["jobs"] == []


async def test_status_shows_a_completed_job_as_documented(client: Client) -> None:
    job = await client.finished(model_slug="kling_3_0", quality_mode="std", duration_seconds=5)
    body = (await client.status(job.job_id)).body
    assert body["success"] is True
    row = body["job"]
    assert row.pop("created_at") < row.pop("completed_at")
    assert row == {
        "job_id": job.job_id,
        "model_slug": "kling_3_0",
        "mode": "text_to_video",
        "status": "completed",
        "result_urls": [f"{client.studio.base_url}/video_studio/results/job-{job.job_id}.mp4"],
        "credits_charged": 100,
        "provider_meta": {"effective_duration_seconds": 5, "quality_mode": "std"},
    }


async def test_history_is_newest_first_and_paged(client: Client) -> None:
    jobs = [(await client.generate(prompt=f"fox {number}")).body["job_ids"][0] for number in range(5)]
    body = (await client.get(HISTORY, params={"limit": 2, "offset": 1})).body
    assert [row["job_id"] for row in body["jobs"]] == [jobs[3], jobs[2]]
    assert (body["total"], body["limit"], body["offset"]) == (5, 2, 1)
    assert body["jobs"][0]["prompt"] == "fox 3"
    assert (await client.get(HISTORY, params={"limit": "many"})).status == 400


async def test_history_can_lag(client: Client) -> None:
    client.studio.history_lag_seconds = 60
    await client.generate()
    assert (await client.get(HISTORY)).body["jobs"] == []
    client.studio.advance(60)
    assert len((await client.get(HISTORY)).body["jobs"]) == 1


async def test_the_twenty_fifth_post_of_an_hour_is_429_until_the_first_is_an_hour_old(client: Client) -> None:
    client.studio.posts_per_hour = 24
    for number in range(24):
        # Refused requests count as well.
        assert (await client.generate(duration_seconds=5 if number % 2 else 8)).status in (200, 400)
    answer = await client.generate()
    assert answer.status == 429
    assert 3590 <= int(answer.headers["Retry-After"]) <= 3600
    client.studio.advance(int(answer.headers["Retry-After"]))
    assert (await client.generate()).status == 200
    assert client.studio.records.posts_in_any_hour_max() >= 24


async def test_each_account_has_an_hour_of_its_own(client: Client) -> None:
    client.studio.posts_per_hour = 1
    client.studio.add_account("second-key")
    assert [(await client.generate()).status for _ in range(2)] == [200, 429]
    headers = {"Authorization": "Bearer second-key"}
    assert (await client.post(GENERATE, VEO, headers=headers)).status == 200


async def test_parallel_posts_never_exceed_the_limit_or_the_balance(client: Client) -> None:
    client.studio.posts_per_hour = 10
    client.studio.set_credits(450)
    answers = await asyncio.gather(*(client.generate() for _ in range(16)))
    assert sorted(answer.status for answer in answers) == [200] * 4 + [402] * 6 + [429] * 6
    assert client.studio.credits == 50


async def test_several_renders_of_one_request_are_charged_as_a_batch(client: Client) -> None:
    client.studio.renders_per_request = 2
    client.studio.set_credits(199)
    assert (await client.generate()).body["credits_required"] == 200
    client.studio.set_credits(200)
    answer = await client.generate()
    assert len(answer.body["job_ids"]) == 2
    assert answer.body["credits_remaining_total"] == 0


async def test_a_job_can_have_several_results(client: Client) -> None:
    client.studio.results_per_job = 2
    job = await client.finished()
    urls = (await client.status(job.job_id)).body["job"]["result_urls"]
    assert len(urls) == 2
    for url in urls:
        async with client.session.get(url) as answer:
            assert answer.status == 200


async def test_the_charge_can_differ_from_the_listed_price(client: Client) -> None:
    client.studio.charge_surcharge = 7
    job = await client.finished()
    assert (await client.status(job.job_id)).body["job"]["credits_charged"] == 107
    assert client.studio.records.charged(job.job_id) == 107


async def test_the_catalogue_has_the_known_models_with_their_facts(client: Client) -> None:
    models = {row["slug"]: row for row in (await client.get(MODELS)).body["models"]}
    assert len(models) >= 12
    assert {"veo31_fast", "kling_3_0", "kling_3_0_motion_control", "wan_2_6_v2v"} <= set(models)
    veo = models["veo31_fast"]
    assert veo["display_name"] == "Veo 3.1 Fast"
    assert veo["engine"] == "Veo 3.1"
    assert (veo["aspect_ratios"], veo["durations"], veo["quality_modes"]) == (["16:9", "9:16", "Auto"], [8], [])
    assert (veo["inputs"], veo["credits"]) == (["text", "image"], {"base": 100})
    assert models["kling_3_0"]["durations"] == list(range(3, 16))


@pytest.mark.parametrize("shape", get_args(ModelsShape))
async def test_every_models_shape_is_served(client: Client, shape: ModelsShape) -> None:
    client.studio.models_shape = shape
    answer = await client.get(MODELS)
    assert answer.status == 200
    assert ("kling_3_0" in str(answer.body)) == (shape != "empty")


HISTORY_ROWS: dict[HistoryShape, Callable[[Any], list[dict[str, Any]]]] = {
    "jobs": lambda body: body["jobs"],
    "bare_list": lambda body: body,
    "nested": lambda body: body["history"]["items"],
    "data_list": lambda body: body["data"],
    "results": lambda body: body["results"],
    "without_prompt": lambda body: body["jobs"],
}


@pytest.mark.parametrize("shape", get_args(HistoryShape))
async def test_every_history_shape_is_served(client: Client, shape: HistoryShape) -> None:
    client.studio.history_shape = shape
    job = await client.finished()
    rows = HISTORY_ROWS[shape]((await client.get(HISTORY)).body)
    assert [row["job_id"] for row in rows] == [job.job_id]
    assert ("prompt" in rows[0]) == (shape != "without_prompt")


async def test_the_legacy_endpoint_speaks_its_own_dialect(client: Client) -> None:
    answer = await client.post(LEGACY, {"video_model": "veo3_fast", "prompt": "a fox", "watermark_text": "me"})
    data = answer.body["data"]
    assert answer.body["success"] is True
    assert (data["credits_used"], data["credits_remaining"]) == (100, client.studio.credits)
    history = await client.get("/api/v1/generate/history/", params={"limit": 5, "type": "video"})
    assert history.body["data"]["generations"][0]["generation_id"] == data["generation_id"]
    assert (await client.post(LEGACY, {"video_model": "kling", "prompt": "a fox"})).status == 400
    assert [post.path for post in client.studio.records.posts] == [LEGACY, LEGACY]


async def test_a_taken_port_is_an_error_and_leaves_nothing_running(studio: StudioSandbox) -> None:
    port = int(studio.base_url.rpartition(":")[2])
    with pytest.raises(OSError, match=str(port)):
        await StudioSandbox(port=port).start()


async def test_port_zero_takes_a_free_port(studio: StudioSandbox) -> None:
    assert studio.base_url.startswith("http://127.0.0.1:")
    assert not studio.base_url.endswith(":0")
