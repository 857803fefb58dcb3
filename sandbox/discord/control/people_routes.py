"""Acting as a person, and seeing what that person sees."""

import contextlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.discord.core import Core
from sandbox.discord.interactions import RESPONSE_DEADLINE_SECONDS, Interaction
from sandbox.discord.message_payloads import message_payload
from sandbox.discord.model import Json, Message
from sandbox.discord.payloads import channel_payload, user_payload
from sandbox.discord.people import Invocation, LocalFile, Persona

PERSON = "/personas/{name}"
WAIT_SECONDS_MAX = 60.0


class PeopleRoutes:
    """One route for each thing that a person can do, and a few for what that person sees.

    Bodies are JSON, or multipart with `payload_json` and files under the names of the options that they are for.
    """

    def __init__(self, core: Core, persona: Callable[[str], Persona]) -> None:
        self._core = core
        self._persona_named = persona

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the control application."""
        yield web.get(PERSON, self.overview)
        yield web.get(PERSON + "/commands", self.commands)
        yield web.get(PERSON + "/channels/{channel}/messages", self.read)
        yield web.post(PERSON + "/messages", self.say)
        yield web.post(PERSON + "/reactions", self.react)
        yield web.post(PERSON + "/slash", self.slash)
        yield web.post(PERSON + "/autocomplete", self.autocomplete)
        yield web.post(PERSON + "/press", self.press)
        yield web.post(PERSON + "/select", self.select)
        yield web.post(PERSON + "/submit", self.submit)
        yield web.post(PERSON + "/message-menu", self.message_menu)
        yield web.post(PERSON + "/user-menu", self.user_menu)
        yield web.get(PERSON + "/interactions/{id}", self.interaction)

    async def overview(self, request: web.Request) -> web.Response:
        """Answer with the person, and the guilds and channels that the person sees.

        As in an interaction, `permissions` are what the person may do in a channel, and `app_permissions` the bot.
        """
        persona = self._persona(request)
        world = self._core.world
        channels = [
            channel_payload(channel)
            | {
                "permissions": str(world.permissions(persona.user, channel)),
                "app_permissions": str(world.permissions(world.bot, channel)),
            }
            for channel in persona.channels()
        ]
        guilds = [{"id": str(guild.id), "name": guild.name} for guild in persona.guilds()]
        user = user_payload(persona.user) | {"locale": persona.user.locale}
        return web.json_response({"user": user, "guilds": guilds, "channels": channels})

    async def commands(self, request: web.Request) -> web.Response:
        """Answer with the commands that the person sees in the channel of the query."""
        return web.json_response(self._persona(request).commands(request.query["channel"]))

    async def read(self, request: web.Request) -> web.Response:
        """Answer with the messages of a channel, oldest first. With `limit` only the newest so many."""
        messages = self._persona(request).read_payloads(request.match_info["channel"])
        return web.json_response(messages[-int(request.query["limit"]) :] if "limit" in request.query else messages)

    async def say(self, request: web.Request) -> web.Response:
        """Post a message."""
        body = await _body(request)
        files = [value for value in body.pop("files", []) if isinstance(value, LocalFile)]
        message = await self._persona(request).say(body["channel"], body.get("content", ""), files=files)
        return web.json_response(self._payload(message), status=201)

    async def react(self, request: web.Request) -> web.Response:
        """React to a message with an emoji or, with `"remove": true`, take that back."""
        body = await _body(request)
        persona, message = self._persona(request), self._message(body)
        await (persona.unreact if body.get("remove") else persona.react)(message, str(body["emoji"]))
        return web.json_response(message_payload(message, self._core.world, self._core.files, reader=persona.user))

    async def slash(self, request: web.Request) -> web.Response:
        """Send a slash command."""
        body = await _body(request)
        invocation = await self._persona(request).slash(body["command"], body["channel"], **body["options"])
        return await self._started(request, invocation)

    async def autocomplete(self, request: web.Request) -> web.Response:
        """Answer with the choices that the bot offers while an option is typed."""
        body = await _body(request)
        choices = await self._persona(request).autocomplete(
            body["command"], body["channel"], focused=body["focused"], **body["options"]
        )
        return web.json_response(choices)

    async def press(self, request: web.Request) -> web.Response:
        """Press a button."""
        body = await _body(request)
        invocation = await self._persona(request).press(self._message(body), body["custom_id"])
        return await self._started(request, invocation)

    async def select(self, request: web.Request) -> web.Response:
        """Choose in a select."""
        body = await _body(request)
        invocation = await self._persona(request).select(self._message(body), body["custom_id"], *body["values"])
        return await self._started(request, invocation)

    async def submit(self, request: web.Request) -> web.Response:
        """Send a modal. `interaction` is the one that was answered with it, `options` its fields by custom_id."""
        body = await _body(request)
        opened = self._interaction(int(body["interaction"]))
        return await self._started(request, await self._persona(request).submit(opened, **body["options"]))

    async def message_menu(self, request: web.Request) -> web.Response:
        """Use a command of a message's context menu."""
        body = await _body(request)
        invocation = await self._persona(request).message_menu(body["command"], self._message(body))
        return await self._started(request, invocation)

    async def user_menu(self, request: web.Request) -> web.Response:
        """Use a command of a person's context menu."""
        body = await _body(request)
        invocation = await self._persona(request).user_menu(body["command"], body["user"], body["channel"])
        return await self._started(request, invocation)

    async def interaction(self, request: web.Request) -> web.Response:
        """Answer with an interaction of this person.

        With `wait=seconds` the answer comes when it has left the given `status` (by default `pending`), or after that
        time.
        """
        interaction = self._interaction(int(request.match_info["id"]))
        if "wait" in request.query:
            left = request.query.get("status", "pending")
            seconds = min(float(request.query["wait"]), WAIT_SECONDS_MAX)
            with contextlib.suppress(TimeoutError):
                await self._core.changes.wait_for(lambda: interaction.status != left, seconds)
        return web.json_response(self._shown(self._persona(request), interaction))

    async def _started(self, request: web.Request, invocation: Invocation) -> web.Response:
        return web.json_response(self._shown(self._persona(request), invocation.interaction), status=201)

    def _shown(self, persona: Persona, interaction: Interaction) -> Json:
        if interaction.user.id != persona.id:
            raise LookupError("that is someone else's interaction")
        return {
            "id": str(interaction.id),
            "status": interaction.status,
            "command": interaction.command_name,
            "channel_id": str(interaction.channel.id),
            "deadline": interaction.created_at + RESPONSE_DEADLINE_SECONDS,
            "message": None if interaction.original is None else self._payload(interaction.original),
            "messages": [self._payload(message) for message in interaction.messages],
            "modal": interaction.modal,
            "choices": interaction.choices,
        }

    def _persona(self, request: web.Request) -> Persona:
        return self._persona_named(request.match_info["name"])

    def _interaction(self, interaction_id: int) -> Interaction:
        interaction = self._core.interactions.find(interaction_id)
        if interaction is None:
            raise LookupError(f"there is no interaction {interaction_id}")
        return interaction

    def _message(self, body: Json) -> Message:
        """Return a message by `channel` and `message`, also an ephemeral one.

        Whether the person may see it is checked when it is used. Raises LookupError if there is none.
        """
        message = self._core.world.find_channel(body["channel"]).messages.get(int(body["message"]))
        if message is None:
            raise LookupError(f"there is no message {body['message']}")
        return message

    def _payload(self, message: Message) -> Json:
        return message_payload(message, self._core.world, self._core.files)


async def _body(request: web.Request) -> Json:
    """Return the request's object. Files of a multipart request stand among its `options`, or under `files`."""
    if request.content_type != "multipart/form-data":
        body: Any = await request.json()
        files: list[tuple[str, LocalFile]] = []
    else:
        body, files = await _multipart(request)
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    options: Json = body.setdefault("options", {})
    for name, file in files:
        if name == "files":
            body.setdefault("files", []).append(file)
        elif name in options:
            options[name] = [*(options[name] if isinstance(options[name], list) else [options[name]]), file]
        else:
            options[name] = file
    return body


async def _multipart(request: web.Request) -> tuple[Any, list[tuple[str, LocalFile]]]:
    body: Any = {}
    files: list[tuple[str, LocalFile]] = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = json.loads(data)
        elif part.name and part.filename:
            files.append((part.name, LocalFile(part.filename, data)))
    return body, files
