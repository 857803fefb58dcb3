"""The control application: for this machine only, with errors as sentences."""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.discord.control.changes_routes import ChangesRoutes
from sandbox.discord.control.controls_routes import ControlsRoutes
from sandbox.discord.control.people_routes import PeopleRoutes
from sandbox.discord.control.reading_routes import ReadingRoutes
from sandbox.discord.controls import Controls
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError
from sandbox.discord.people import ClientRefused, Persona
from sandbox.guard import loopback_only

CONTROL_PREFIX = "/sandbox"


def build_control(core: Core, controls: Controls, persona: Callable[[str], Persona]) -> web.Application:
    """Return an application for mounting at `CONTROL_PREFIX`. Its errors are `{"error": "a sentence"}`."""
    app = web.Application(middlewares=[loopback_only, _errors_as_sentences], client_max_size=128 * 1024 * 1024)
    app.add_routes([*ReadingRoutes(core).routes(), *PeopleRoutes(core, persona).routes()])
    app.add_routes([*ControlsRoutes(core, controls).routes(), *ChangesRoutes(core.changes).routes()])
    return app


@web.middleware
async def _errors_as_sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ClientRefused as refusal:
        return _error(400, str(refusal))
    except ApiError as error:
        return web.json_response({"error": error.body["message"], **error.body}, status=error.status)
    except LookupError as error:
        return _error(404, str(error))
    except (ValueError, TypeError) as error:
        return _error(400, str(error))


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)
