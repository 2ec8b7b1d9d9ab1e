"""A throwaway PostgreSQL server for tests: one per test run, a fresh database per test.

Import the fixture `postgres_url` into a conftest to use it. Needs PostgreSQL's server programs and fails
where there are none (`apt-get install postgresql`). The server listens only on a socket in its own folder
and is stopped and erased when the test run ends.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

_MISSING = "PostgreSQL's server programs (initdb, pg_ctl) are not installed: apt-get install postgresql"
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "16MB",
}


class Cluster:
    """One PostgreSQL server in a folder of its own."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="riff-pg-", dir="/tmp"))  # a socket's path must be short
        self._numbers = count(1)

    def start(self) -> None:
        """Makes and starts the server; raises RuntimeError with its output when it does not start."""
        if (identity := _server_identity()) is not None:
            os.chown(self._folder, *identity)
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", "riff", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.resume()

    def resume(self) -> None:
        """Starts the server that was made before."""
        data, log = str(self._folder / "data"), str(self._folder / "log")
        options = " ".join(f"-c {name}='{value}'" for name, value in _FAST.items())
        socket = f"-c unix_socket_directories='{self._folder}'"
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", f"{options} {socket}", "start")

    def halt(self) -> None:
        """Stops the server at once, as a crash of it does; what is in it stays."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def stop(self) -> None:
        """Stops the server and erases its folder."""
        self.halt()
        shutil.rmtree(self._folder)

    def set_read_only(self, name: str, *, read_only: bool) -> None:
        """Whether the database may be written; whoever is connected is sent away."""
        change = SQL("ALTER DATABASE {} SET default_transaction_read_only = {}")
        with self._connect() as connection:
            connection.execute(change.format(Identifier(name), Literal(read_only)))
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )

    def create_database(self, template: str = "template1") -> str:
        """The name of a new database, a copy of `template`, to which nobody may be connected."""
        name = f"test_{next(self._numbers)}"
        create = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        with self._connect() as connection:
            connection.execute(create)
        return name

    def drop_database(self, name: str) -> None:
        """Drops a database even while it is in use."""
        with self._connect() as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://riff@/{name}?host={self._folder}"

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        identity = _server_identity()
        changed = {} if identity is None else {"user": identity[0], "group": identity[1], "extra_groups": []}
        with (self._folder.parent / f"{self._folder.name}.out").open("w+b") as output:
            Path(output.name).unlink()
            # Not a pipe: the server inherits it and would keep it open.
            done = subprocess.run(
                [str(self._programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._folder,
                timeout=120,
                **changed,
            )
            if done.returncode != 0:
                output.seek(0)
                raise RuntimeError(f"{program} failed:\n{output.read().decode(errors='replace')}")


def find_programs() -> Path | None:
    """The folder of PostgreSQL's server programs: on the path, where pg_config says, or Debian's newest."""
    folders = [Path(found).parent for name in ("initdb", "pg_ctl") if (found := shutil.which(name))]
    if pg_config := shutil.which("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(told.stdout.strip()))
    versioned = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versioned, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    return next((folder for folder in folders if _has_programs(folder)), None)


def _has_programs(folder: Path) -> bool:
    return all((folder / program).is_file() for program in ("initdb", "pg_ctl", "postgres"))


def _server_identity() -> tuple[int, int] | None:
    """Who runs the server (user, group): initdb refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody")


@cache
def shared_cluster() -> Cluster:
    """The server of this test run, started by the first test that asks; fails that test when it cannot."""
    programs = find_programs()
    if programs is None:
        pytest.fail(_MISSING)
    cluster = Cluster(programs)
    cluster.start()
    atexit.register(cluster.stop)
    return cluster


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of a fresh, empty database, dropped after the test."""
    cluster = shared_cluster()
    name = cluster.create_database()
    yield cluster.url(name)
    cluster.drop_database(name)
