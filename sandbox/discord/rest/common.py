"""What the routes share: path ids, bodies, answers, and the bot's permissions."""

import json
from typing import Any

from aiohttp import web

from sandbox.discord.body import Body, read_body
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, invalid_form, missing_access, missing_permissions
from sandbox.discord.model import Channel, Guild, Json
from sandbox.discord.permissions import Permission

JSON_HEADERS = {"Content-Type": "application/json"}
"""Headers of an answer. The type has no charset: discord.py parses a body only if it is exactly this."""

BODY: web.RequestKey[Body] = web.RequestKey("body", Body)


def answer(data: Any, status: int = 200) -> web.Response:
    """Return an answer with a JSON body."""
    return web.Response(body=json.dumps(data).encode(), status=status, headers=JSON_HEADERS)


def no_content() -> web.Response:
    """Return 204."""
    return web.Response(status=204)


def path_id(request: web.Request, name: str) -> int:
    """Return a snowflake of the path. Raises `ApiError` 50035 if it is none."""
    value = request.match_info[name]
    if not value.isdecimal():
        raise invalid_form((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
    return int(value)


async def body_of(request: web.Request, core: Core) -> Body:
    """Return the request's body. It is kept on the request, where the log finds it."""
    body = await read_body(request, core.files)
    request[BODY] = body
    return body


async def object_body(request: web.Request, core: Core) -> Body:
    """Return a body whose JSON is an object; absent counts as empty. Raises `ApiError` 50109 for other JSON."""
    body = await body_of(request, core)
    if body.json is None:
        body.json = {}
    if not isinstance(body.json, dict):
        raise ApiError(400, 50109, "The request body contains invalid JSON.")
    return body


def fields(body: Body) -> Json:
    """Return the object that `object_body` made sure of."""
    result: Json = body.json
    return result


def require(core: Core, channel: Channel, *needed: Permission) -> None:
    """Raise `ApiError` 50001 if the bot cannot see the channel, 50013 if it lacks something else."""
    permissions = core.world.permissions(core.world.bot, channel)
    if not permissions & Permission.VIEW_CHANNEL:
        raise missing_access()
    for permission in needed:
        if not permissions & permission:
            raise missing_permissions()


def joined_guild(core: Core, request: web.Request) -> Guild:
    """Return the guild of the path. Raises `ApiError` 10004 if there is none, 50001 if the bot is not in it."""
    guild = core.world.guild(path_id(request, "guild_id"))
    if core.world.bot.id not in guild.members:
        raise missing_access()
    return guild


def query_id(request: web.Request, name: str) -> int | None:
    """Return a snowflake of the query; None if it is not given. Raises `ApiError` 50035 if it is no snowflake."""
    value = request.query.get(name)
    if value is not None and not value.isdecimal():
        raise invalid_form((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
    return None if value is None else int(value)


def limit_of(request: web.Request, default: int, maximum: int) -> int:
    """Return the `limit` of a listing. Raises `ApiError` 50035 if it is not from 1 to `maximum`."""
    raw = request.query.get("limit", str(default))
    if not raw.isdecimal() or not 1 <= int(raw) <= maximum:
        raise invalid_form(("limit",), "NUMBER_TYPE_RANGE", f"int value should be between 1 and {maximum}.")
    return int(raw)
