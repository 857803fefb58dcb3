"""Answering interactions, and the webhook that an interaction's token opens for fifteen minutes."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.body import Body
from sandbox.discord.core import Core
from sandbox.discord.errors import FormErrors, invalid_form, unknown
from sandbox.discord.interactions import Interaction, InteractionType
from sandbox.discord.message_payloads import message_payload
from sandbox.discord.messages import Origin
from sandbox.discord.model import Json, Message, MessageFlag, MessageType
from sandbox.discord.rest.common import answer, fields, no_content, object_body, path_id
from sandbox.discord.rules.commands import CHOICES_MAX, check_choices
from sandbox.discord.rules.components import check_modal
from sandbox.discord.rules.fields import objects

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9

ALLOWED_ANSWERS = {
    InteractionType.COMMAND: (MESSAGE, DEFERRED_MESSAGE, MODAL),
    InteractionType.COMPONENT: (MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL),
    InteractionType.AUTOCOMPLETE: (CHOICES,),
    InteractionType.MODAL_SUBMIT: (MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE),
}

CALLBACK = "/interactions/{interaction_id}/{token}/callback"
WEBHOOK = "/webhooks/{application_id}/{token}"
WEBHOOK_MESSAGE = WEBHOOK + "/messages/{message_id}"
DATA = ("data",)


class InteractionRoutes:
    """Routes that need no bot token: the interaction's token in the path is the authorisation."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the REST API."""
        yield web.post(CALLBACK, self.callback)
        yield web.post(WEBHOOK, self.follow_up)
        yield web.get(WEBHOOK_MESSAGE, self.get)
        yield web.patch(WEBHOOK_MESSAGE, self.edit)
        yield web.delete(WEBHOOK_MESSAGE, self.delete)

    async def callback(self, request: web.Request) -> web.Response:
        """Answer POST of the first answer to an interaction."""
        body = await object_body(request, self._core)
        interaction = self._core.interactions.to_respond(
            path_id(request, "interaction_id"), request.match_info["token"]
        )
        kind = fields(body).get("type")
        if kind not in ALLOWED_ANSWERS[interaction.type] or (
            kind in (DEFERRED_UPDATE, UPDATE) and interaction.source is None
        ):
            raise invalid_form(
                ("type",), "INTERACTION_TYPE_INVALID", "Interaction callback type is invalid for the interaction type"
            )
        data = fields(body).get("data")
        data = data if isinstance(data, dict) else {}
        self._respond(interaction, kind, Body(data, body.uploads))
        self._core.interactions.acknowledge(interaction)
        self._core.interactions.changed(interaction)
        if request.query.get("with_response", "").lower() not in ("1", "true"):
            return no_content()
        return answer(self._callback_payload(interaction, kind))

    def _respond(self, interaction: Interaction, kind: int, body: Body) -> None:
        data: Json = body.json
        if kind == MESSAGE:
            self._core.world.channel(interaction.channel.id)
            origin = self._origin(interaction, data)
            message = self._core.messages.post(interaction.channel, self._core.world.bot, body, origin, path=DATA)
            interaction.original = message
            interaction.messages.append(message)
        elif kind == DEFERRED_MESSAGE:
            self._core.world.channel(interaction.channel.id)
            origin = self._origin(interaction, data)
            message = self._core.messages.post_loading(interaction.channel, self._core.world.bot, origin)
            interaction.original = message
            interaction.messages.append(message)
        elif kind in (DEFERRED_UPDATE, UPDATE):
            source = self._source(interaction)
            if kind == UPDATE:
                self._core.messages.edit(source, body, path=DATA)
            interaction.original = source
            interaction.deferred_update = kind == DEFERRED_UPDATE
        else:
            errors = FormErrors()
            if kind == CHOICES:
                choices = objects(errors, data, "choices", DATA, 0, CHOICES_MAX)
                check_choices(errors, choices, _focused_type(interaction.data))
                errors.raise_if_any()
                interaction.choices = [choice for _, choice in choices]
            else:
                check_modal(errors, data, DATA)
                errors.raise_if_any()
                interaction.modal = data

    def _source(self, interaction: Interaction) -> Message:
        """Return the message whose component was used. Raises `ApiError` 10008 if it is gone."""
        source = interaction.source
        if source is None or source.deleted_at is not None:
            raise unknown("Message")
        return source

    def _origin(self, interaction: Interaction, data: Json) -> Origin:
        flags = data.get("flags")
        is_ephemeral = isinstance(flags, int) and bool(flags & MessageFlag.EPHEMERAL)
        return Origin(
            type=_message_type(interaction),
            interaction=interaction.metadata(),
            application_id=self._core.world.application_id,
            visible_to=interaction.user.id if is_ephemeral else None,
            extra_flags=MessageFlag.EPHEMERAL if is_ephemeral else 0,
        )

    def _callback_payload(self, interaction: Interaction, kind: int) -> Json:
        shown: Json = {
            "id": str(interaction.id),
            "type": int(interaction.type),
            "channel_id": str(interaction.channel.id),
        }
        if interaction.channel.guild_id is not None:
            shown["guild_id"] = str(interaction.channel.guild_id)
        payload: Json = {"interaction": shown}
        message = interaction.original
        if message is not None:
            shown |= {
                "response_message_id": str(message.id),
                "response_message_loading": message.is_loading,
                "response_message_ephemeral": message.visible_to is not None,
            }
        if message is not None and kind in (MESSAGE, DEFERRED_MESSAGE, UPDATE):
            # The specification knows two resources with a message: one created (deferred or not), one updated.
            resource = UPDATE if kind == UPDATE else MESSAGE
            payload["resource"] = {"type": resource, "message": self._payload(message)}
        return payload

    # The webhook

    async def follow_up(self, request: web.Request) -> web.Response:
        """Answer POST of a follow-up message."""
        body = await object_body(request, self._core)
        interaction = self._interaction(request)
        if interaction.original is not None and interaction.original.is_loading:
            # Straight after a deferral a follow-up is the deferred answer itself; its ephemeral flag is ignored.
            message = interaction.original
            self._core.messages.edit(message, body)
        else:
            self._core.world.channel(interaction.channel.id)
            origin = self._origin(interaction, fields(body))
            if origin.interaction is not None and interaction.original is not None:
                origin.interaction["original_response_message_id"] = str(interaction.original.id)
            message = self._core.messages.post(interaction.channel, self._core.world.bot, body, origin)
            interaction.messages.append(message)
        self._core.interactions.changed(interaction)
        return answer(self._payload(message))

    async def get(self, request: web.Request) -> web.Response:
        """Answer GET of the answer or of a follow-up."""
        return answer(self._payload(self._message(request, self._interaction(request))))

    async def edit(self, request: web.Request) -> web.Response:
        """Answer PATCH of the answer or of a follow-up."""
        body = await object_body(request, self._core)
        interaction = self._interaction(request)
        message = self._message(request, interaction)
        self._core.messages.edit(message, body)
        self._core.interactions.changed(interaction)
        return answer(self._payload(message))

    async def delete(self, request: web.Request) -> web.Response:
        """Answer DELETE of the answer or of a follow-up."""
        interaction = self._interaction(request)
        self._core.messages.delete(self._message(request, interaction))
        self._core.interactions.changed(interaction)
        return no_content()

    def _interaction(self, request: web.Request) -> Interaction:
        token = request.match_info["token"]
        return self._core.interactions.by_webhook(path_id(request, "application_id"), token)

    def _message(self, request: web.Request, interaction: Interaction) -> Message:
        """Return a message that this interaction's token reaches: its answer, or one of its follow-ups."""
        self._core.world.channel(interaction.channel.id)
        if request.match_info["message_id"] == "@original":
            message = interaction.original
        else:
            message_id = path_id(request, "message_id")
            reachable = [*interaction.messages, *([interaction.original] if interaction.original else [])]
            message = next((candidate for candidate in reachable if candidate.id == message_id), None)
        if message is None or message.deleted_at is not None:
            raise unknown("Message")
        return message

    def _payload(self, message: Message) -> Json:
        return message_payload(message, self._core.world, self._core.files)


def _message_type(interaction: Interaction) -> MessageType:
    if interaction.type != InteractionType.COMMAND:
        return MessageType.DEFAULT if interaction.source is None else MessageType.REPLY
    return MessageType.CHAT_INPUT_COMMAND if interaction.data.get("type") == 1 else MessageType.CONTEXT_MENU_COMMAND


def _focused_type(data: Json) -> int:
    """Return the type of the option that autocomplete is for."""
    pending = list(data.get("options", []))
    while pending:
        option = pending.pop()
        if option.get("focused"):
            return int(option["type"])
        pending += option.get("options", [])
    return 3
