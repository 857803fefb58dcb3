"""Post a message with files where Discord takes it: what is refused is tried more simply, by `placement`'s rules."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind, retry_after
from bot.discord_ui.posting.placement import How, Placement, forbids, step_down, too_large, within
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.notifier import Delivered, DeliveryImpossible, DeliveryLater, Result, UploadTooLarge

log = logging.getLogger(__name__)


async def post_stepping_down(
    post: Callable[[Placement], Awaitable[discord.Message]],
    results: Sequence[Result],
    upload_limit: int,
    first: How,
    fields: Mapping[str, str],
) -> Delivered:
    """Call `post` until Discord takes the message, at first where `first` says.

    Files of more than `upload_limit` bytes are not attached. `fields` are for log lines. Raises DeliveryLater,
    DeliveryImpossible and UploadTooLarge.
    """
    sizes = [_size(result) for result in results]
    # Boosts of a guild do not count in a direct message.
    fitting_dm = within(sizes, min(upload_limit, UPLOAD_BYTES_DEFAULT))
    placement: Placement | None = Placement(first, within(sizes, upload_limit))
    problem, results_channel_lost = "", False
    while placement is not None:
        try:
            message = await post(placement)
        except CALL_ERRORS as error:
            refused = refusal(error)
            problem = f"{refused.status} {refused.code}: {refused.text or 'refused'}"
            log.info("Discord did not take a closing message: %s", problem, extra={**fields, "how": placement.how})
            if too_large(refused.status, refused.code) and placement.attached and placement.how != "dm":
                largest = max(sizes[position] or 0 for position in placement.attached)
                raise UploadTooLarge(largest) from error
            if placement.how == "results" and forbids(refused.status, refused.code):
                results_channel_lost = True
            placement = step_down(placement, refused.status, refused.code, fitting_dm)
        else:
            return Delivered(message.channel.id, message.id, placement.how, results_channel_lost)
    raise DeliveryImpossible(problem)


def refusal(error: Exception) -> discord.HTTPException:
    """Return the error if asking again changes nothing. Raises DeliveryLater for a failure that may pass."""
    if isinstance(error, discord.HTTPException) and not failure_kind(error).passes:
        return error
    raise DeliveryLater(f"{type(error).__name__}: {error}", retry_after(error)) from error


def _size(result: Result) -> int | None:
    """Return the bytes of a result that can be attached; None for one that cannot."""
    return result.path.stat().st_size if result.path is not None and result.problem is None else None
