"""A PostgreSQL cluster for one test run: in a temporary folder, reached by a unix socket only."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


class NoPostgres(Exception):
    """PostgreSQL is not here or would not start; the message says which."""


@contextmanager
def cluster() -> Iterator[str]:
    """Yield the DATABASE_URL of an empty database; afterwards the cluster is stopped and removed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise NoPostgres("PostgreSQL is not installed")
    programs = found[-1]
    # /tmp by name: a unix socket's path may have no more than 107 bytes, and TMPDIR may be long.
    folder = Path(tempfile.mkdtemp(prefix="confrere-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        files = folder / "files"
        _run(
            [
                programs / "initdb",
                "-D",
                files,
                "-U",
                "confrere",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
            ]
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        _run([programs / "pg_ctl", "-D", files, "-l", folder / "log", "-w", "-t", "60", "-o", options, "start"])
        try:
            _run([programs / "createdb", "-h", folder, "-U", "confrere", "confrere"])
            yield f"postgresql://confrere@{quote(str(folder), safe='')}/confrere"
        finally:
            _run([programs / "pg_ctl", "-D", files, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: Sequence[str | Path]) -> None:
    # initdb and the server refuse root, so root lends them the distribution's own user.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # The server outlives pg_ctl and would hold a pipe open for ever: its output goes to its own log.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [*prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            check=False,
        )
        if done.returncode != 0:
            said.seek(0)
            raise NoPostgres(f"{Path(command[0]).name} failed: {said.read().decode(errors='replace').strip()}")
