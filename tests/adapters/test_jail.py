"""Whatever happens inside the jail, the outside gets an answer in words and in time."""

import gc
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from confrere.adapters import jail
from confrere.adapters.jail import JailResult, JailSession, Limits, run_jailed
from confrere.core.terms import Broken, Held, Refused

QUICK = Limits(wall_s=5.0, cpu_s=5, output_bytes=8 << 20)


@pytest.fixture(autouse=True)
def targets_of_these_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "TARGET_PREFIX", "jail_targets")
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
def session(targets_of_these_tests: None) -> Iterator[JailSession]:
    with JailSession(QUICK, preload=["jail_targets"]) as opened:
        yield opened


def goes_on(session: JailSession) -> bool:
    return session.run("jail_targets:echo", blobs=[b"next"]).blobs == (b"next",)


def test_value_and_blobs_come_back_as_they_are(session: JailSession) -> None:
    blobs = [b"", b"abc", random.Random(1).randbytes(3 << 20)]
    result = session.run("jail_targets:echo", blobs=blobs, args={"deep": [1, None, {"é": 1.5}]})
    assert result.blobs == tuple(blobs)
    assert result.value == {"args": {"deep": [1, None, {"é": 1.5}]}, "lengths": [0, 3, 3 << 20]}


def test_the_peak_of_memory_is_told(session: JailSession) -> None:
    before = session.run("jail_targets:echo").peak_rss_bytes
    after = session.run("jail_targets:swell", args={"bytes": 100 << 20}).peak_rss_bytes
    assert 5 << 20 < before < 100 << 20 < after < 200 << 20


def test_our_own_errors_cross_unchanged(session: JailSession) -> None:
    with pytest.raises(Refused) as refused:
        session.run("jail_targets:refuse")
    assert (refused.value.code, refused.value.detail) == ("truncated", "(7FE0,0010)")
    with pytest.raises(Held) as held:
        session.run("jail_targets:hold")
    assert (held.value.code, held.value.detail) == ("burned-in-text", "")
    for retryable in (True, False):
        with pytest.raises(Broken, match="decoder gave up") as broken:
            session.run("jail_targets:break_down", args={"retryable": retryable})
        assert broken.value.retryable is retryable


@pytest.mark.parametrize(
    ("target", "args", "name"),
    [
        ("quote_a_value", {}, "ValueError"),
        ("leave_politely", {}, "SystemExit"),
        ("odd_value", {"kind": "nan"}, "ValueError"),
        ("odd_value", {"kind": "set"}, "TypeError"),
        ("odd_value", {"kind": "bytes"}, "TypeError"),
        ("not_there", {}, "AttributeError"),
    ],
)
def test_a_foreign_error_crosses_by_its_type_alone(
    session: JailSession, capfd: pytest.CaptureFixture[str], target: str, args: dict[str, str], name: str
) -> None:
    with pytest.raises(Broken) as caught:
        session.run(f"jail_targets:{target}", args=args)
    assert str(caught.value) == f"jail: {name}"
    assert not caught.value.retryable
    assert capfd.readouterr() == ("", "")
    assert goes_on(session)


@pytest.mark.parametrize("trouble", ["hog_memory", "leave", "crash", "recurse"])
def test_trouble_in_one_request_ends_that_request_alone(session: JailSession, trouble: str) -> None:
    with pytest.raises(Refused) as caught:
        session.run(f"jail_targets:{trouble}")
    assert caught.value.code == "parser-stopped"
    assert goes_on(session)


def test_no_more_memory_than_allowed_can_be_had(session: JailSession) -> None:
    with pytest.raises(Refused, match="parser-stopped"):
        session.run("jail_targets:swell", args={"bytes": QUICK.memory_bytes})


def test_the_answer_file_cannot_be_made_to_fill_our_memory(session: JailSession) -> None:
    session.run("jail_targets:echo")
    began = time.monotonic()
    with pytest.raises(Refused, match="parser-stopped"):
        session.run("jail_targets:flood_the_answer_file")
    assert time.monotonic() - began < QUICK.wall_s / 2, "the file size limit ends it, not the clock"


def test_a_child_that_ran_out_of_memory_is_not_asked_again(session: JailSession) -> None:
    first = session.run("jail_targets:own_pid").value
    with pytest.raises(Refused):
        session.run("jail_targets:hog_memory")
    assert session.run("jail_targets:own_pid").value != first


@pytest.mark.parametrize("trouble", ["sleep", "hog_cpu"])
def test_the_wall_clock_stops_a_request(session: JailSession, trouble: str) -> None:
    session.run("jail_targets:echo")
    began = time.monotonic()
    with pytest.raises(Refused, match="parser-stopped"):
        session.run(f"jail_targets:{trouble}", wall_s=0.3)
    assert 0.3 <= time.monotonic() - began < 1.5
    assert goes_on(session)


def test_processor_time_stops_a_request_before_the_wall_clock() -> None:
    slow = Limits(wall_s=30.0, cpu_s=0)
    began = time.monotonic()
    with (
        JailSession(slow, preload=["jail_targets"]) as session,
        pytest.raises(Refused, match="parser-stopped"),
    ):
        session.run("jail_targets:hog_cpu")
    assert time.monotonic() - began < 10


def test_too_much_output_is_stopped(session: JailSession) -> None:
    with pytest.raises(Refused, match="parser-stopped"):
        session.run("jail_targets:flood", args={"bytes": QUICK.output_bytes + 1})
    allowed = session.run("jail_targets:flood", args={"bytes": QUICK.output_bytes - 1024})
    assert len(allowed.blobs[0]) == QUICK.output_bytes - 1024


@pytest.mark.parametrize("frame", [b"\1", *(struct.pack(">QQ", size, 0) for size in (0, 1, 1 << 40, (1 << 64) - 1))])
def test_a_child_that_was_taken_over_cannot_lie_us_into_a_crash(session: JailSession, frame: bytes) -> None:
    with pytest.raises((Refused, Broken)):
        session.run("jail_targets:lie_about_lengths", args={"frame": frame.hex()})
    assert goes_on(session)


@pytest.mark.parametrize(
    "written",
    [
        *(b"[]", b"{", b"{}", b"\xff", b"[" * 100_000),
        *(b'{"blobs": %s}' % value for value in (b"[-1]", b"[true]", b"[99]", b"1", b'["x"]', b"[1e3]")),
    ],
)
def test_an_answer_that_is_no_answer_is_broken(written: bytes) -> None:
    with jail._memory_file() as file:
        file.write(written)
        with pytest.raises(Broken, match="unreadable"):
            jail._read_answer(file, len(written), QUICK)


@pytest.mark.parametrize(
    "header",
    [
        {"stopped": "Refused", "code": "ZQXNAME", "blobs": []},
        {"stopped": "Surprise", "code": "truncated", "blobs": []},
        {"stopped": ["x"], "blobs": []},
    ],
)
def test_an_invented_reason_is_broken(header: dict[str, jail.Json]) -> None:
    with pytest.raises(Broken, match="unreadable"):
        jail._value_or_raise(header)


@pytest.mark.parametrize(
    "target",
    [
        "os:system",
        "confrere.core.terms:reason",
        "jail_targets:os.system",
        "jail_targets",
        "jail_targets:",
        "",
    ],
)
def test_only_functions_of_the_product_may_be_asked_for(session: JailSession, target: str) -> None:
    with pytest.raises(Broken, match="not allowed"):
        session.run(target)


def test_in_the_product_the_product_alone_may_be_asked_for() -> None:
    # The fixture widens the name for these tests; the file itself says what holds outside them.
    assert 'TARGET_PREFIX = "confrere."\n' in Path(jail.__file__).read_text()


def test_the_network_cannot_be_reached(session: JailSession) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        reached = session.run("jail_targets:connect", args={"port": server.getsockname()[1]}).value
    if not session.isolation["network"] and not session.isolation["files"]:
        pytest.skip("this machine offers neither namespaces nor Landlock")
    assert reached != 0


def test_not_even_a_datagram_leaves(session: JailSession) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        sent = session.run("jail_targets:send_datagram", args={"port": server.getsockname()[1]}).value
    if not session.isolation["network"]:
        pytest.skip("this machine offers no network namespaces")
    assert sent == 0


def test_secrets_and_open_files_stay_outside(session: JailSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFRERE_KEYBOX_CLEARANCE_TOKEN", "ZQXSECRET")
    with JailSession(QUICK, preload=["jail_targets"]) as fresh:
        seen = fresh.run("jail_targets:look_around").value
    assert isinstance(seen, dict)
    assert set(seen["environment"]) <= {"PATH", "LANG", "LC_CTYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
    assert len(seen["open"]) == 6, "three of nothing, the line, the question, the answer"
    if fresh.isolation["privileges"]:
        assert not seen["signals"]


def test_files_outside_the_program_cannot_be_read_or_written(session: JailSession, tmp_path: Path) -> None:
    secret = tmp_path / "master"
    secret.write_text("ZQXSECRET")
    read = session.run("jail_targets:read", args={"path": str(secret)}).value
    written = session.run("jail_targets:write", args={"path": str(tmp_path / "new")}).value
    if not session.isolation["files"]:
        pytest.skip("this machine offers no Landlock")
    assert (read, written) == (13, 13)
    assert not (tmp_path / "new").exists()


def test_five_hundred_small_requests_take_less_than_two_seconds(session: JailSession) -> None:
    session.run("jail_targets:echo")
    began = time.monotonic()
    for _ in range(500):
        session.run("jail_targets:echo", blobs=[b"small"])
    assert time.monotonic() - began < 2.0


def test_a_child_killed_between_requests_is_replaced(session: JailSession) -> None:
    pid = session.run("jail_targets:own_pid").value
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}/stat").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.01)
    assert goes_on(session)


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_the_child_dies_with_a_parent_that_was_killed() -> None:
    script = (
        "from confrere.adapters import jail\n"
        "jail.TARGET_PREFIX = 'jail_targets'\n"
        "with jail.JailSession(preload=['jail_targets']) as session:\n"
        "    print(session.run('jail_targets:own_pid').value, flush=True)\n"
        "    session.run('jail_targets:hog_cpu')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        child = Path(f"/proc/{int(parent.stdout.readline())}")
        time.sleep(0.3)  # until it computes: an idle child would notice the closed line by itself
        assert child.exists()
        parent.kill()
    deadline = time.monotonic() + 5
    while child.exists() and "Z (zombie)" not in (child / "status").read_text():
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.02)


def test_nothing_is_left_behind(session: JailSession) -> None:
    goes_on(session)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        goes_on(session)
        with pytest.raises(Refused):
            session.run("jail_targets:leave")
    goes_on(session)
    gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_child_that_cannot_start_is_broken_and_worth_another_try() -> None:
    with JailSession(preload=["no_such_module_at_all"]) as session, pytest.raises(Broken) as caught:
        session.run("jail_targets:echo")
    assert caught.value.retryable


def test_one_request_alone() -> None:
    result = run_jailed("jail_targets:echo", blobs=[b"x"], limits=QUICK)
    assert isinstance(result, JailResult)
    assert result.blobs == (b"x",)


def test_files_handed_in_are_read_and_written_with_the_rights_they_came_with(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"abc")
    with JailSession(QUICK, preload=["jail_targets"]) as session:
        with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as target:
            for _ in range(2):
                result = session.run("jail_targets:copy_file", files=[source.fileno(), target.fileno()])
                assert result.value == {"written": 3, "may_write_source": False}
        assert goes_on(session)
    assert (tmp_path / "out").read_bytes() == b"abcabc"


def test_no_file_handed_in_grows_past_its_bound(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"a" * 1000)
    bounded = Limits(wall_s=5.0, cpu_s=5, output_bytes=1 << 20, file_bytes=20 << 20)
    with JailSession(bounded, preload=["jail_targets"]) as session:
        with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as target:
            with pytest.raises(Broken):
                for _ in range(4):
                    session.run(
                        "jail_targets:copy_file", args={"times": 9000}, files=[source.fileno(), target.fileno()]
                    )
    assert (tmp_path / "out").stat().st_size <= 20 << 20


def test_more_files_than_one_message_carries_are_turned_down(session: JailSession) -> None:
    with pytest.raises(Broken):
        session.run("jail_targets:copy_file", files=[0] * 241)
    assert goes_on(session)
