"""The levers over HTTP."""

from typing import Any

import pytest

from tests.sandbox.studio.conftest import Client

ROOT = "/sandbox/studio"


async def test_the_overview_names_no_key(client: Client) -> None:
    answer = await client.get(f"{ROOT}/", headers={})
    assert answer.body["accounts"][0]["name"] == "default"
    assert client.studio.api_key not in str(answer.body)
    assert client.studio.records.request_counts.total() == 0


async def test_faults_are_switched_on_and_off(client: Client) -> None:
    await client.post(f"{ROOT}/faults", {"kind": "error_before", "status": 500, "times": None})
    assert (await client.generate()).status == 500
    assert (await client.get(f"{ROOT}/faults")).body["faults"][0]["struck"] == 1
    assert (await client.call("DELETE", f"{ROOT}/faults")).body == {"faults": []}
    assert (await client.generate()).status == 200


async def test_credits_accounts_and_settings_are_set(client: Client) -> None:
    assert (await client.post(f"{ROOT}/credits", {"credits": 94})).body["accounts"][0]["credits"] == 94
    await client.post(f"{ROOT}/accounts", {"key": "second-key", "credits": 5, "name": "second"})
    await client.post(f"{ROOT}/accounts", {"name": "second", "revoked": True})
    assert client.studio.accounts.named("second").revoked
    body = (await client.post(f"{ROOT}/settings", {"renders_per_request": 2, "history_shape": "nested"})).body
    assert body["settings"]["renders_per_request"] == client.studio.renders_per_request == 2
    await client.post(f"{ROOT}/settings", {"posts_per_hour": 1})
    assert [(await client.generate()).status for _ in range(2)] == [402, 429]


async def test_time_is_moved(client: Client) -> None:
    before = client.studio.clock.now()
    body = (await client.post(f"{ROOT}/speed", {"speed": 10, "advance_seconds": 3600, "job_seconds": [5, 7]})).body
    assert (body["speed"], body["job_seconds"]) == (10, [5, 7])
    assert client.studio.clock.now() >= before + 3600


async def test_the_records_hold_posts_jobs_and_money(client: Client) -> None:
    job = await client.finished()
    body = (await client.get(f"{ROOT}/records")).body
    assert body["totals"]["credits_net"] == 100
    assert body["posts"][0]["job_ids"] == [job.job_id]
    assert body["jobs"][0]["request"]["prompt"] == "a fox in the snow"
    assert body["jobs"][0]["credits_net"] == 100
    assert [entry["kind"] for entry in body["ledger"]] == ["set", "charge"]
    assert body["request_counts"] == {"generate": 1}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"kind": "nonsense"}),
        ("faults", {"colour": "red"}),
        ("credits", {"credits": "many"}),
        ("credits", {"credits": 1, "account": "nobody"}),
        ("speed", {"speed": 0}),
        ("speed", {"job_seconds": 5}),
        ("settings", {"api_key": "x"}),
        ("settings", {"models_shape": "round"}),
        ("settings", []),
    ],
)
async def test_bad_input_is_400_and_changes_nothing(client: Client, path: str, body: Any) -> None:
    answer = await client.post(f"{ROOT}/{path}", body)
    assert answer.status == 400
    assert answer.body["error"]
    assert client.studio.faults.active == []


async def test_a_form_of_a_foreign_page_moves_no_lever(client: Client) -> None:
    answer = await client.call("POST", f"{ROOT}/credits", data='{"credits": 0}', headers={"Content-Type": "text/plain"})
    assert answer.status == 400
    assert client.studio.credits == 10_000


@pytest.mark.parametrize("header", [{"Host": "evil.test"}, {"Origin": "https://evil.test"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{ROOT}/records"),
        ("POST", f"{ROOT}/credits"),
        ("DELETE", f"{ROOT}/faults"),
        ("GET", "/api/v1/models/video/"),
        ("POST", "/api/v1/video-studio/generate/"),
        ("GET", "/video_studio/results/job-8990f846-f6f0-4ff1-a298-d0a72d49e7ad.mp4"),
    ],
)
async def test_another_web_site_reaches_no_route(
    client: Client, method: str, path: str, header: dict[str, str]
) -> None:
    key = {"Authorization": f"Bearer {client.studio.api_key}"}
    answer = await client.call(method, path, headers=key | header, json={"credits": 0})
    assert answer.status == 403
    assert client.studio.credits == 10_000
    assert client.studio.records.posts == []
