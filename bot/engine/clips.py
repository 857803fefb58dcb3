"""Clips: the result files of jobs that succeeded, for whoever wants one as a file.

A clip is named by its job and its position among the job's results, counted from 0.
"""

from enum import StrEnum
from typing import Protocol


class ClipProblem(StrEnum):
    """Why a clip cannot be had. What people read of it is in `bot.discord_ui.views.clip_words`."""

    UNKNOWN = "unknown"
    """No such job succeeded, it made fewer clips, or its words and links were erased."""
    DELETED = "deleted"
    """Its message was deleted, by its member or by a moderator. What the provider still has of it is not used."""
    AGE_RESTRICTED = "age restricted"
    """Its model is for age-restricted channels, and the clip is wanted for another place."""
    LOST = "lost"
    """Discord does not have the file, and the provider does not hand it out any more."""
    TOO_LARGE = "too large"
    """The file has more bytes than are fetched."""
    NOT_A_VIDEO = "not a video"
    """The file is a picture or something else."""
    NO_PICTURE = "no picture"
    """No picture can be taken of the file."""
    NO_TOOL = "no tool"
    """What takes pictures of videos is not installed here (the extra `video`)."""
    UNREACHABLE = "unreachable"
    """Discord or the provider cannot be reached now."""


class ClipUnavailable(Exception):
    """A clip cannot be had; `problem` says why."""

    def __init__(self, problem: ClipProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class ClipGone(ClipUnavailable):
    """The clip cannot be had, and asking again changes nothing."""


class ClipUnreachable(ClipUnavailable):
    """The clip cannot be had now; the same question may be answered later."""

    def __init__(self) -> None:
        super().__init__(ClipProblem.UNREACHABLE)


class ClipAddresses(Protocol):
    """Knows where posted clips are; implemented over Discord."""

    async def address_of(self, job_id: str, position: int, channel_id: int, message_id: int) -> str | None:
        """Return a fresh address of the clip's file at Discord, in the job's closing message.

        Returns None where Discord has no such file: the clip was linked, the message's channel is gone, or the bot may
        not read there any more. Raises ClipGone where the message was deleted, and ClipUnreachable.
        """
