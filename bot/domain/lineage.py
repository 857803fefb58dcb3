"""Lines of descent: a clip that continues another one is its child, and a clip may have several."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParentClip:
    """The clip that a job continues: a job, and a position among its results, counted from 0."""

    job_id: str
    position: int


@dataclass(frozen=True, slots=True)
class Relative:
    """A job in another one's line of descent, as people may see it."""

    job_id: str
    member_id: int | None = None
    """Who asked for it; None where the job is not kept any more."""
    model_name: str = ""
    place: tuple[int, int] | None = None
    """Channel and message id of its result, where that stands in the guild; None where it does not."""

    @property
    def gone(self) -> bool:
        """Whether the job is not kept any more: it was erased, or is too old."""
        return self.member_id is None


@dataclass(frozen=True, slots=True)
class Lineage:
    """The relatives of a job. `ancestors` begin with its parent; `children` are the first that were asked for."""

    ancestors: tuple[Relative, ...] = ()
    children: tuple[Relative, ...] = ()
    children_count: int = 0
    has_more_ancestors: bool = False
