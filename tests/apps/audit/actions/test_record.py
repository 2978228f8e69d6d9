"""A ledger line stands or falls with the change it tells of, and many writers keep one chain."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from confrere.apps.audit.actions.record import OutsideTransactionError, record
from confrere.apps.audit.models import LedgerEntry, LedgerHead
from confrere.apps.audit.reads import prove

pytestmark = pytest.mark.database
SOURCE = Path(__file__).resolve().parents[4] / "src"
WRITERS, LINES = 3, 15

# On SQLite the tests' own database lives in memory and cannot be shared as a file is; so the writers are processes.
WRITER = """
import sys
from confrere.server.configuration import read_configuration
from confrere.server.prepare import migrate, start_django
start_django(read_configuration())
if sys.argv[1] == "migrate":
    migrate()
    sys.exit()
from django.db import transaction
from confrere.apps.audit.actions.record import record
for number in range(int(sys.argv[2])):
    with transaction.atomic():
        record(sys.argv[1], "test.line", str(number))
"""


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransactionError):
        record("test", "test.line", "1")
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db
def test_lines_are_numbered_from_one_and_tell_who_did_what_to_which() -> None:
    assert [record("alice", "test.line", str(number), {"n": number}) for number in range(3)] == [1, 2, 3]
    told = LedgerEntry.objects.values_list("sequence", "actor", "event", "subject", "detail").order_by("sequence")
    assert list(told) == [(n + 1, "alice", "test.line", str(n), {"n": n}) for n in range(3)]


@pytest.mark.django_db
def test_the_head_follows_the_newest_line() -> None:
    record("test", "test.line", "1")
    record("test", "test.line", "2")
    head, newest = LedgerHead.objects.get(), LedgerEntry.objects.order_by("-sequence")[0]
    assert (head.sequence, head.digest) == (newest.sequence, newest.digest)


@pytest.mark.django_db
def test_a_line_goes_with_the_change_that_is_rolled_back() -> None:
    record("test", "test.line", "kept")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("test", "test.line", "lost")
        raise ZeroDivisionError
    assert record("test", "test.line", "next") == 2
    assert prove().broken_at is None


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONFRERE_")}
    kept.pop("DATABASE_URL", None)
    yield {**kept, "CONFRERE_HOME": str(tmp_path), "PYTHONPATH": str(SOURCE)}


def _write_in_processes(environ: dict[str, str]) -> str:
    def start(*words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WRITER, *words], env=environ)

    assert start("migrate").wait(60) == 0
    writers = [start(f"writer{number}", str(LINES)) for number in range(WRITERS)]
    assert [writer.wait(60) for writer in writers] == [0] * WRITERS
    command = [sys.executable, "-m", "confrere", "ledger", "verify", "--json"]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60).stdout


def _write_in_threads() -> str:
    def write(actor: str) -> None:
        try:
            for number in range(LINES):
                with transaction.atomic():
                    record(actor, "test.line", str(number))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(f"writer{number}",)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    proof = prove()
    return f'{{"lines": {proof.lines}, "broken_at": {"null" if proof.broken_at is None else proof.broken_at}}}'


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_keep_one_chain(environ: dict[str, str]) -> None:
    said = _write_in_threads() if connection.vendor == "postgresql" else _write_in_processes(environ)
    assert said.strip() == f'{{"lines": {WRITERS * LINES}, "broken_at": null}}'
