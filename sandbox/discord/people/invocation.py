"""What a person sees of one thing they did: waiting, an answer, a modal, choices, or "did not respond"."""

from sandbox.discord.core import Core
from sandbox.discord.interactions import Interaction
from sandbox.discord.model import Json, Message


class Invocation:
    """A handle on one interaction. Only the `wait_...` methods wait, and they wake on changes."""

    def __init__(self, core: Core, interaction: Interaction) -> None:
        self._core = core
        self.interaction = interaction

    @property
    def id(self) -> int:
        """The interaction's id."""
        return self.interaction.id

    @property
    def status(self) -> str:
        """One of `pending`, `thinking`, `modal`, `choices`, `acknowledged`, `answered`, `failed`."""
        return self.interaction.status

    @property
    def message(self) -> Message | None:
        """The message that `@original` means, once there is one."""
        return self.interaction.original

    @property
    def messages(self) -> list[Message]:
        """The answer and all follow-ups."""
        return list(self.interaction.messages)

    async def wait_response(self, timeout: float = 5.0) -> str:
        """Wait until the bot has reacted at all, or three seconds are over; return the status then."""
        await self._core.changes.wait_for(lambda: self.status != "pending", timeout)
        return self.status

    async def wait_message(self, timeout: float = 5.0) -> Message:
        """Wait until there is an answer that is not "thinking", and return it.

        Raises LookupError if the bot did not respond, TimeoutError after `timeout` seconds.
        """

        def ready() -> Message | None:
            if self.interaction.failed:
                raise LookupError(f"the application did not respond to interaction {self.id}")
            message = self.interaction.original
            return message if message is not None and not message.is_loading else None

        return await self._core.changes.wait_for(ready, timeout)

    async def wait_modal(self, timeout: float = 5.0) -> Json:
        """Wait until the bot has reacted, and return the modal. Raises LookupError if the answer is none."""
        await self._core.changes.wait_for(lambda: self.status != "pending", timeout)
        if self.interaction.modal is None:
            raise LookupError(f"the answer is no modal but {self.status!r}")
        return self.interaction.modal
