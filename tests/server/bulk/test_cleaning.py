"""A batch as its caller sees it: outputs under their names or nothing at all, whatever a file does to the child."""

import os
from pathlib import Path

import pytest
from support import dicom_bytes as made
from support.sending import with_text

from confrere import __version__
from confrere.adapters.jail import JailResult, JailSession
from confrere.core.terms import Outcome, Refused
from confrere.server.bulk import cleaning
from confrere.server.bulk.cleaning import Order, clean_batch
from confrere.server.bulk.jails import jail_of_thread
from confrere.server.bulk.marks import key_mark
from confrere.server.bulk.work import Same, do_batch


@pytest.fixture
def order(tmp_path: Path) -> Order:
    source, target, secret = tmp_path / "in", tmp_path / "out", tmp_path / "secret"
    source.mkdir()
    secret.write_bytes(b"a secret of 32 bytes for testing")
    for number in range(3):
        changes: dict[int, made.Change] = {0x00080018: ("UI", f"{made.ROOT}.8.{number}")}
        (source / f"I{number}.dcm").write_bytes(made.ct_file(changes))
    (source / "page.dcm").write_bytes(with_text())
    (source / "cut.dcm").write_bytes(made.ct_file()[:-40])
    return Order(source, target, secret, "strict")


PATHS = ["I0.dcm", "cut.dcm", "I1.dcm", "page.dcm", "I2.dcm"]
WANTED = ["clean", "refused", "clean", "held", "clean"]


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_clean_files_stand_under_their_names_and_nothing_else_does(order: Order) -> None:
    ends = clean_batch(order, PATHS)
    assert [end.path for end in ends] == PATHS
    assert [str(end.outcome) for end in ends] == WANTED
    assert left_in(order.target) == ["I0.dcm", "I1.dcm", "I2.dcm"]
    assert (order.target / "I0.dcm").stat().st_mode & 0o777 == 0o644
    assert ends[0].record["profile"] == "strict"


def test_a_batch_done_again_gives_the_same_bytes(order: Order) -> None:
    clean_batch(order, PATHS)
    first = {name: (order.target / name).read_bytes() for name in left_in(order.target)}
    clean_batch(order, PATHS)
    assert {name: (order.target / name).read_bytes() for name in left_in(order.target)} == first


def test_a_file_that_stops_the_child_is_refused_alone(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    run = JailSession.run

    def stopping(jail: JailSession, target: str, **asked: object) -> JailResult:
        files = asked["files"]
        assert isinstance(files, list)
        names = [Path(f"/proc/self/fd/{handle}").readlink().name for handle in files[0::2]]
        if "I1.dcm" in names:
            raise Refused("parser-stopped")
        return run(jail, target, **asked)  # type: ignore[arg-type]

    monkeypatch.setattr(JailSession, "run", stopping)
    ends = clean_batch(order, PATHS)
    assert [str(end.outcome) for end in ends] == ["clean", "refused", "refused", "held", "clean"]
    assert ends[2].reason == "parser-stopped"
    assert left_in(order.target) == ["I0.dcm", "I2.dcm"]


def test_when_it_fails_halfway_nothing_half_is_left(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_told: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(cleaning.os, "fsync", no_space)
    with pytest.raises(OSError, match="no space"):
        clean_batch(order, PATHS)
    assert left_in(order.target) == []


def test_what_is_no_file_any_more_is_held_and_nobody_waits_for_it(order: Order) -> None:
    """Whoever may write to the source may put anything in a file's place after the tree was walked."""
    for number, name in enumerate(("pipe", "link", "folder")):
        (order.source / f"I{number}.dcm").rename(order.source / f"kept{number}")
        path = order.source / f"I{number}.dcm"
        {"pipe": os.mkfifo, "folder": os.mkdir, "link": lambda path: path.symlink_to("kept1")}[name](path)
    same = Same(__version__, key_mark(order.secret_file.read_bytes()))
    order.target.mkdir()
    done = do_batch(order, same, ["I0.dcm", "I1.dcm", "I2.dcm", "kept0"])
    assert [(end.outcome, end.reason) for end in done.ends] == [("held", "not-readable")] * 3 + [("clean", "ok")]
    assert left_in(order.target) == ["kept0"]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"records": [], "ends": []},
        {"records": [{}], "ends": [["clean", "ok", 1]]},
        {"records": [{}], "ends": [["clean", "ok", None]]},
        {"records": [{}], "ends": [["clean", "Zaveriwal", 0]]},
        {"records": [{}], "ends": [["fine", "ok", 0]]},
        {"records": [3], "ends": [["clean", "ok", 0]]},
        {"records": [{}], "ends": [["held", "ok", 0]]},
        {"records": [{}], "ends": [["clean", "ok", -1]]},
        {"records": [{}], "ends": [["clean", ["ok"], 0]]},
    ],
)
def test_an_answer_that_makes_no_sense_holds_its_file(
    order: Order, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    """A child that a file has taken over may say anything; neither is it believed nor does the run end."""
    monkeypatch.setattr(JailSession, "run", lambda *_asked, **_named: JailResult(answer, (), 0))  # type: ignore[arg-type]
    (end,) = clean_batch(order, ["I0.dcm"])
    assert (end.outcome, end.reason, end.record) == (Outcome.HELD, "clearance-failed", {})
    assert left_in(order.target) == []


def test_the_child_sees_the_files_and_no_folder(order: Order) -> None:
    """The walls are those of every jailed parser; a batch gets no way round them."""
    clean_batch(order, PATHS)
    assert jail_of_thread(order.secret_file.read_bytes(), cleaning.CLEANER, cleaning._LIMITS).isolation["network"]
    assert Outcome.CLEAN in {end.outcome for end in clean_batch(order, PATHS)}
