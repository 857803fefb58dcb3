"""`python -m sandbox [studio|discord]`: run the stand-ins until interrupted; without a name, both."""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

DEFAULT_DISCORD_PORT = 9000
DEFAULT_STUDIO_PORT = 9001


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("which", nargs="?", choices=("studio", "discord"), help="only this one; both if left out")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=DEFAULT_DISCORD_PORT, help="Discord's port (default %(default)s)")
    parser.add_argument(
        "--studio-port", type=int, default=DEFAULT_STUDIO_PORT, help="the Video Studio's port (default %(default)s)"
    )
    parser.add_argument(
        "--privileged-intents", action="store_true", help="grant the bot Discord's privileged gateway intents"
    )
    return parser.parse_args(arguments)


async def serve(arguments: argparse.Namespace) -> None:
    """Start what was asked for, say where it is, and wait for SIGINT or SIGTERM."""
    async with contextlib.AsyncExitStack() as stack:
        studio_url = None
        if arguments.which in (None, "studio"):
            # Imported only when wanted: it needs the video libraries.
            from sandbox.studio import StudioSandbox  # noqa: PLC0415 - only where wanted

            studio = await stack.enter_async_context(StudioSandbox(host=arguments.host, port=arguments.studio_port))
            studio_url = studio.base_url
            print(f"Video Studio  STUDIO_BASE_URL={studio.base_url}  STUDIO_API_KEY={studio.api_key}", flush=True)
        if arguments.which in (None, "discord"):
            from sandbox.discord import PRIVILEGED, DiscordSandbox  # noqa: PLC0415 - only where wanted
            from sandbox.playground import playground_routes  # noqa: PLC0415 - only where wanted

            discord = await stack.enter_async_context(
                DiscordSandbox(
                    host=arguments.host,
                    port=arguments.port,
                    privileged_intents=PRIVILEGED if arguments.privileged_intents else 0,
                    extra_routes=playground_routes(studio_url),
                )
            )
            print(f"Discord       DISCORD_API_BASE={discord.api_base}  DISCORD_GATEWAY_URL={discord.gateway_url}")
            print(f"              DISCORD_TOKEN={discord.token}")
            print(f"Control       {discord.url}/sandbox/state", flush=True)
            print(f"Playground    {discord.url}/")
            print(f"Specification {discord.core.specification.state}", flush=True)
        print("Press Ctrl-C to stop.", flush=True)
        await _interrupted()


async def _interrupted() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def main() -> None:
    """Run until interrupted. Exits with one line if a port is taken."""
    try:
        asyncio.run(serve(parse()))
    except OSError as error:
        sys.exit(f"cannot listen: {error}")


if __name__ == "__main__":
    main()
