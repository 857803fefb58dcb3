"""The client against the sandbox's provider, over real sockets."""

from typing import get_args

import pytest

from bot.domain.json_value import JsonObject
from bot.domain.renders import RenderState
from bot.domain.request import GenerationRequest, complete, payload
from bot.studio import errors
from bot.studio.client import StudioClient
from bot.studio.legacy import LegacyClient
from bot.studio.reading.catalogue import read_catalogue
from sandbox.studio import StudioSandbox
from sandbox.studio.faults import Garbage

IMAGE = "https://cdn.example/a,b.png"
VEO: JsonObject = {"model_slug": "veo31_fast", "prompt": "a fox in the snow", "input_image_urls": [IMAGE]}


async def test_a_render_is_started_followed_and_found_in_the_history(
    studio: StudioSandbox, client: StudioClient
) -> None:
    accepted = await client.generate(VEO)
    assert accepted.credits_remaining == studio.credits
    (remote_id,) = accepted.job_ids
    await studio.wait_for(lambda _: studio.job(remote_id).over)

    report = await client.status(remote_id)

    assert report.state is RenderState.COMPLETED
    assert report.remote_id == remote_id
    assert report.model_slug == "veo31_fast"
    assert report.credits_charged == 100
    assert report.created_at is not None
    assert report.completed_at is not None
    assert report.completed_at >= report.created_at
    assert [url.endswith(".mp4") for url in report.result_urls] == [True]
    (shown,) = (await client.history(20)).reports
    assert shown.state is RenderState.COMPLETED
    assert (shown.remote_id, shown.result_urls) == (remote_id, report.result_urls)
    assert (shown.prompt, shown.input_urls) == (VEO["prompt"], (IMAGE,))


async def test_all_renders_of_one_request_are_named(studio: StudioSandbox, client: StudioClient) -> None:
    studio.renders_per_request = 3
    accepted = await client.generate(VEO)
    assert accepted.job_ids == tuple(job.job_id for job in studio.jobs)
    assert len(accepted.job_ids) == 3


async def test_a_failed_render_tells_why_and_whether_it_was_refunded(
    studio: StudioSandbox, client: StudioClient
) -> None:
    studio.faults.add("job_fails", message="too dark")
    (remote_id,) = (await client.generate(VEO)).job_ids
    await studio.wait_for(lambda _: studio.job(remote_id).over)
    report = await client.status(remote_id)
    assert (report.state, report.error_message) == (RenderState.FAILED, "too dark")
    assert report.credits_refunded is True


async def test_the_live_catalogue_is_understood(studio: StudioSandbox, client: StudioClient) -> None:
    catalogue = read_catalogue(await client.models())
    assert {model.slug for model in catalogue.models} == set(studio.catalogue)
    assert catalogue.skipped == ()


async def test_refusals_have_their_own_errors_and_nothing_was_started(
    studio: StudioSandbox, client: StudioClient
) -> None:
    cases: list[tuple[JsonObject, type[errors.StudioError]]] = [
        ({"model_slug": "veo31_fast", "prompt": "a", "duration_seconds": 7}, errors.BadRequest),
        ({"model_slug": "no_such_model", "prompt": "a"}, errors.NotFound),
    ]
    for refused, kind in cases:
        with pytest.raises(kind) as caught:
            await client.generate(refused)
        assert caught.value.sent is False
    studio.set_credits(5)
    with pytest.raises(errors.OutOfCredits) as poor:
        await client.generate(VEO)
    assert (poor.value.required, poor.value.available) == (100, 5)
    studio.faults.add("rate_limited", seconds=42)
    with pytest.raises(errors.RateLimited) as limited:
        await client.generate(VEO)
    assert limited.value.retry_after == 42
    studio.faults.add("unauthorized")
    with pytest.raises(errors.Unauthorized):
        await client.generate(VEO)
    studio.account.api_allowed = False
    with pytest.raises(errors.Forbidden):
        await client.generate(VEO)
    assert studio.jobs == []


async def test_what_may_have_happened_is_said_to_have_been_sent(studio: StudioSandbox, client: StudioClient) -> None:
    studio.faults.add("error_after", status=502)
    with pytest.raises(errors.ServerError) as failed:
        await client.generate(VEO)
    assert (failed.value.sent, failed.value.status) == (True, 502)
    studio.faults.add("cut_after")
    with pytest.raises(errors.Interrupted) as cut:
        await client.generate(VEO)
    assert cut.value.sent is True
    assert len(studio.jobs) == 2


@pytest.mark.parametrize("style", get_args(Garbage))
async def test_garbage_never_looks_like_an_answer(studio: StudioSandbox, client: StudioClient, style: Garbage) -> None:
    studio.faults.add("garbage", style=style)
    with pytest.raises(errors.BadAnswer) as generated:
        await client.generate(VEO)
    assert generated.value.sent is True
    studio.faults.add("garbage", "status", style=style)
    with pytest.raises(errors.BadAnswer):
        await client.status(studio.jobs[0].job_id)
    studio.faults.add("garbage", "history", style=style)
    if style == "wrong_json":
        assert (await client.history(20)).readable is False
    else:
        with pytest.raises(errors.BadAnswer):
            await client.history(20)
    assert (await client.history(20)).readable is True


async def test_an_unknown_render_is_not_found(client: StudioClient) -> None:
    with pytest.raises(errors.NotFound):
        await client.status("../history/?x=")


async def test_the_older_api_starts_and_follows_a_render(studio: StudioSandbox, legacy: LegacyClient) -> None:
    accepted = await legacy.generate({"model_slug": "veo3_fast", "prompt": "a fox", "aspect_ratio": "9:16"})
    assert accepted.credits_remaining == studio.credits
    (remote_id,) = accepted.job_ids
    assert studio.records.posts[0].body == {"video_model": "veo3_fast", "prompt": "a fox", "aspect_ratio": "9:16"}
    await studio.wait_for(lambda _: studio.job(remote_id).over)
    report = await legacy.status(remote_id)
    assert (report.state, report.credits_charged) == (RenderState.COMPLETED, 100)
    assert len(report.result_urls) == 1
    assert (await legacy.status("unknown")).state is RenderState.UNREADABLE


async def test_the_older_api_refuses_what_it_has_no_field_for(studio: StudioSandbox, legacy: LegacyClient) -> None:
    with pytest.raises(errors.BadRequest) as caught:
        await legacy.generate({"model_slug": "veo3", "prompt": "a fox", "duration_seconds": 8})
    assert "duration_seconds" in caught.value.message
    with pytest.raises(errors.BadRequest) as unknown:
        await legacy.generate({"model_slug": "kling_3_0", "prompt": "a fox"})
    assert "legacy API" in unknown.value.message
    assert studio.records.posts == []


async def test_every_option_of_the_older_models_has_a_field_there(studio: StudioSandbox, legacy: LegacyClient) -> None:
    catalogue = read_catalogue(await legacy.models())
    assert [model.slug for model in catalogue.models] == ["veo3", "veo3_fast"]
    for model in catalogue.models:
        request = complete(GenerationRequest(model.slug, {"prompt": "a fox"}), model)
        await legacy.generate(payload(request, model))
    assert len(studio.jobs) == 2
