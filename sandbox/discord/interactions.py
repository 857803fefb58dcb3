"""Interactions: a person did something, and the bot has three seconds to answer and fifteen minutes to follow up."""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import IntEnum

from sandbox.discord import errors
from sandbox.discord.context import Context
from sandbox.discord.gateway import Gateway
from sandbox.discord.message_payloads import message_payload
from sandbox.discord.model import Channel, Json, Message, User
from sandbox.discord.payloads import channel_payload, guild_payload, member_payload, user_payload

RESPONSE_DEADLINE_SECONDS = 3
TOKEN_LIFETIME_SECONDS = 15 * 60
INTERACTIONS_KEPT_MAX = 10_000


class InteractionType(IntEnum):
    """Discord's types of interactions."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


@dataclass(slots=True, eq=False)
class Interaction:
    """One thing that a person did with the bot, and what the bot answered. Times are seconds since the epoch."""

    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    data: Json
    created_at: float
    source: Message | None = None
    """The message whose component was used, also for a modal that such a component opened."""
    command_name: str | None = None
    opened_by: "Interaction | None" = None
    """For a submitted modal: the interaction that was answered with it."""
    acknowledged_at: float | None = None
    failed: bool = False
    """Whether three seconds passed without an answer: "The application did not respond"."""
    deferred_update: bool = False
    original: Message | None = None
    """What `@original` means: the answer, or the source message after an update."""
    modal: Json | None = None
    choices: list[Json] | None = None
    messages: list[Message] = field(default_factory=list)
    """The answer and the follow-ups, in order."""

    @property
    def status(self) -> str:
        """`pending`, `thinking`, `modal`, `choices`, `acknowledged`, `answered` or `failed`."""
        if self.failed:
            return "failed"
        if self.acknowledged_at is None:
            return "pending"
        if self.modal is not None:
            return "modal"
        if self.choices is not None:
            return "choices"
        if self.original is not None and self.original.is_loading:
            return "thinking"
        if self.deferred_update:
            return "acknowledged"
        return "answered"

    def metadata(self) -> Json:
        """Discord's `interaction_metadata` of the messages that answer it."""
        metadata: Json = {
            "id": str(self.id),
            "type": int(self.type),
            "user": user_payload(self.user),
            "authorizing_integration_owners": _owners(self.channel),
        }
        if self.type == InteractionType.COMPONENT and self.source is not None:
            metadata["interacted_message_id"] = str(self.source.id)
        if self.opened_by is not None:
            metadata["triggering_interaction_metadata"] = self.opened_by.metadata()
        return metadata


class Interactions:
    """All interactions, the newest `INTERACTIONS_KEPT_MAX` of them."""

    def __init__(self, context: Context, gateway: Gateway) -> None:
        self._context = context
        self._gateway = gateway
        self._by_id: OrderedDict[int, Interaction] = OrderedDict()
        self._by_token: dict[str, Interaction] = {}
        self._watchers: set[asyncio.Task[None]] = set()

    def start(
        self,
        kind: InteractionType,
        user: User,
        channel: Channel,
        data: Json,
        *,
        source: Message | None = None,
        command_name: str | None = None,
        opened_by: Interaction | None = None,
    ) -> Interaction:
        """Send INTERACTION_CREATE to the bot and start its three seconds."""
        interaction = Interaction(
            id=self._context.ids.next(),
            token=secrets.token_urlsafe(48),
            type=kind,
            user=user,
            channel=channel,
            data=data,
            created_at=self._context.clock.now(),
            source=source,
            command_name=command_name,
            opened_by=opened_by,
        )
        self._remember(interaction)
        watcher = asyncio.create_task(self._fail_when_late(interaction))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)
        self._gateway.dispatch("INTERACTION_CREATE", self._payload(interaction), guild_id=channel.guild_id)
        self.changed(interaction)
        return interaction

    def find(self, interaction_id: int) -> Interaction | None:
        """Return an interaction by id; None if there is none."""
        return self._by_id.get(interaction_id)

    def to_respond(self, interaction_id: int, token: str) -> Interaction:
        """Return the interaction that a callback is for, if it may still be answered.

        Raises `ApiError` 10062 if it is unknown or too late, 40060 if it has been answered.
        """
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise errors.unknown("interaction")
        if interaction.acknowledged_at is not None:
            raise errors.already_acknowledged()
        if self._context.clock.now() - interaction.created_at >= RESPONSE_DEADLINE_SECONDS:
            raise errors.unknown("interaction")
        return interaction

    def by_webhook(self, application_id: int, token: str) -> Interaction:
        """Return the acknowledged interaction that a webhook token belongs to.

        Raises `ApiError` 10015 if there is none, 50027 if it is older than fifteen minutes.
        """
        interaction = self._by_token.get(token)
        if application_id != self._context.world.application_id or interaction is None:
            raise errors.unknown("Webhook")
        if self._context.clock.now() - interaction.created_at >= TOKEN_LIFETIME_SECONDS:
            raise errors.invalid_webhook_token()
        if interaction.acknowledged_at is None:
            raise errors.unknown("Webhook")
        return interaction

    def acknowledge(self, interaction: Interaction) -> None:
        """Note that the bot has answered."""
        interaction.acknowledged_at = self._context.clock.now()

    def changed(self, interaction: Interaction) -> None:
        """Announce that the interaction's status or messages changed."""
        self._context.changes.publish(
            "interaction", id=str(interaction.id), status=interaction.status, user_id=str(interaction.user.id)
        )

    async def close(self) -> None:
        """End the watching over deadlines."""
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)

    async def _fail_when_late(self, interaction: Interaction) -> None:
        await self._context.clock.sleep_until(interaction.created_at + RESPONSE_DEADLINE_SECONDS)
        if interaction.acknowledged_at is None:
            interaction.failed = True
            self.changed(interaction)

    def _remember(self, interaction: Interaction) -> None:
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        if len(self._by_id) > INTERACTIONS_KEPT_MAX:
            _, oldest = self._by_id.popitem(last=False)
            del self._by_token[oldest.token]

    def _payload(self, interaction: Interaction) -> Json:
        """Return INTERACTION_CREATE.

        Source: https://discord.com/developers/docs/interactions/receiving-and-responding.
        """
        world, channel, user = self._context.world, interaction.channel, interaction.user
        guild = world.guild_of(channel)
        payload: Json = {
            "id": str(interaction.id),
            "application_id": str(world.application_id),
            "type": int(interaction.type),
            "data": interaction.data,
            "token": interaction.token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": channel_payload(channel) | {"permissions": str(world.permissions(user, channel))},
            "app_permissions": str(world.permissions(world.bot, channel)),
            "locale": user.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": _owners(channel),
            "context": 1 if guild is None else 0,
            "attachment_size_limit": world.upload_limit_bytes(guild),
        }
        if guild is None:
            payload["user"] = user_payload(user)
        else:
            member = member_payload(guild.members[user.id])
            payload |= {
                "guild_id": str(guild.id),
                "guild": {key: guild_payload(guild)[key] for key in ("id", "features")} | {"locale": guild.locale},
                "guild_locale": guild.locale,
                "member": member | {"permissions": str(world.permissions(user, channel))},
            }
        if interaction.source is not None:
            payload["message"] = message_payload(interaction.source, world, self._context.files)
        return payload


def _owners(channel: Channel) -> Json:
    """Return who installed the application: guilds (key "0"). In the bot's direct messages the value is "0"."""
    return {"0": "0" if channel.guild_id is None else str(channel.guild_id)}
