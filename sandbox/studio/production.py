"""From an accepted job to its result files."""

from dataclasses import replace
from pathlib import Path

from sandbox.studio.inputs import InputFetcher
from sandbox.studio.jobs import Job, RenderFailed
from sandbox.studio.renderer import Renderer, payload
from sandbox.studio.video.clip import ClipSpec, dimensions

RATIO_WIDEST = 2.4
"""Widest ratio that is taken from a picture; the narrowest is its inverse."""


class Production:
    """Makes results: rendered clips, or files of `payload_bytes` when `render` is False."""

    def __init__(
        self,
        renderer: Renderer,
        inputs: InputFetcher,
        directory: Path,
        *,
        render: bool,
        payload_bytes: int,
        short_side_max: int,
        results_per_job: int,
    ) -> None:
        self.render = render
        self.payload_bytes = payload_bytes
        self.short_side_max = short_side_max
        self.results_per_job = results_per_job
        self._renderer = renderer
        self._inputs = inputs
        self._directory = directory

    async def make(self, job: Job) -> list[Path]:
        """Make the job's files. Raises RenderFailed."""
        if not self.render:
            return [payload(self._directory, self.payload_bytes)] * self.results_per_job
        order = job.order
        inputs = await self._inputs.fetch(order)
        if inputs.gone:
            raise RenderFailed("An input file could not be downloaded")
        ratio = order.aspect_ratio
        if ratio is None and inputs.size:
            wide, tall = inputs.size
            ratio = f"{wide}:{tall}" if 1 / RATIO_WIDEST < wide / tall < RATIO_WIDEST else None
        width, height = dimensions(ratio, order.quality, self.short_side_max)
        sound = "sound" if order.sound else None
        facts = [f"{job.seconds} s", order.aspect_ratio or f"{width}×{height}", order.quality, sound]
        spec = ClipSpec(
            prompt=order.prompt,
            title=order.model.name,
            facts=" · ".join(fact for fact in facts if fact),
            width=width,
            height=height,
            seconds=job.seconds,
            audio=order.sound or order.model.audio == "native",
            image=inputs.image,
            seed=job.batch_index,
        )
        variants = [replace(spec, seed=job.batch_index + 100 * number) for number in range(self.results_per_job)]
        files = [await self._renderer.clip(variant) for variant in variants]
        if order.body.get("return_last_frame"):
            job.last_frame = await self._renderer.last_picture(files[0])
        return files
