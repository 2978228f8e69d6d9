"""The command line is a contract: JSON of one shape, exit 0 done, 2 usage, 3 held or residuals, 4 refused, 1 broken."""

import gzip
import io
import json
import os
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from pydicom.data import get_testdata_file
from support.commands import confrere
from support.dicom_bytes import BIRTH, NAME, PATIENT_ID, ROOT, SECONDARY_CAPTURE, dataset, element, item, part10
from support.sending import One, file_of, series, too_deep, with_text, zipped
from support.trees import files_below

from confrere.server.cli import COMMANDS, main

JPIP = "1.2.840.10008.1.2.4.94"
SOURCE = Path(__file__).resolve().parents[2] / "src"
CANARIES = ("Zaveriwal", "Quirina", PATIENT_ID, BIRTH, ROOT)


def deeply_nested(depth: int) -> bytes:
    """A sequence in a sequence, so many times (D05)."""
    inner = b""
    for _ in range(depth):
        inner = element(0x0040A730, "SQ", item(inner))
    return part10(dataset({0x0040A730: inner}))


def climbing_uid() -> bytes:
    """A UID that is a path (D10)."""
    return part10(dataset({0x00080018: ("UI", "../../../../../tmp/escaped")}))


def fetched_pixels() -> bytes:
    """Pixels that would have to be fetched from an address (D20)."""
    where = element(0x00287FE0, "UR", "http://jpip.invalid/pull?study=1")
    return part10(dataset({0x7FE00010: None, 0x00287FE0: where}), JPIP)


def climbing_zip() -> bytes:
    """A zip whose names climb out of the folder (Z01)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("ok/a.dcm", file_of(One()))
        archive.writestr("../../../tmp/escaped.dcm", file_of(One()))
    return out.getvalue()


def lying_zip() -> bytes:
    """A zip that says 100 bytes and gives a mebibyte (Z04)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dcm", bytes(1 << 20))
    content = bytearray(out.getvalue())
    directory = content.index(b"PK\x01\x02")
    for place in (22, directory + 24):
        content[place : place + 4] = struct.pack("<I", 100)
    return bytes(content)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(out, "PNG")
    return out.getvalue()


# In this order: the pair of one UID must come first and then again with other pixels.
ROWS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "d11_first.dcm": (lambda: file_of(One()), "clean", "ok"),
    "d12_other_pixels.dcm": (lambda: file_of(One(shade=1)), "held", "uid-conflict"),
    "small.zip": (lambda: zipped(*series(2, study=800)), "clean", "ok"),
    "d05_deep.dcm": (lambda: deeply_nested(1200), "refused", "nesting-too-deep"),
    "d08_cut.dcm": (lambda: file_of(One(study=700))[:-30], "refused", "truncated"),
    "d10_climbing.dcm": (climbing_uid, "refused", "bad-uid"),
    "d19_text.dcm": (lambda: with_text(600), "held", "pixels-need-a-person"),
    "d20_jpip.dcm": (fetched_pixels, "refused", "transfer-syntax-not-allowed"),
    "z01_slip.zip": (climbing_zip, "refused", "unsafe-path"),
    "z04_lie.zip": (lying_zip, "refused", "size-lie"),
    "z06_two_patients.zip": (
        lambda: zipped(file_of(One(study=500)), file_of(One(place=2, study=500, patient="UHIDOTHER88"))),
        "held",
        "more-than-one-patient",
    ),
    "photo.png": (photo, "held", "pixels-need-a-person"),
    "letter.txt": (lambda: b"Dear colleague,", "refused", "not-dicom"),
}


def test_files_are_judged_as_the_contract_says(tmp_path: Path) -> None:
    paths = []
    for name, (content, _, _) in ROWS.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content())
    real = get_testdata_file("CT_small.dcm")
    done = confrere("intake", "--json", *map(str, paths), str(real))
    assert done.returncode == 4, done.stderr
    told = json.loads(done.stdout)
    assert [set(one) for one in told] == [{"file", "outcome", "reason", "message"}] * (len(ROWS) + 1)
    assert [one["file"] for one in told] == [*map(str, paths), str(real)]
    ends = {Path(one["file"]).name: (one["outcome"], one["reason"]) for one in told}
    assert ends == {
        **{name: (outcome, code) for name, (_, outcome, code) in ROWS.items()},
        "CT_small.dcm": ("clean", "preamble-not-empty"),
    }
    assert not [canary for canary in CANARIES if canary in done.stdout + done.stderr]
    assert not Path("/tmp/escaped.dcm").exists()


def test_intake_without_json_speaks_in_words_and_exits_as_the_worst_file_did(tmp_path: Path) -> None:
    clean, held = tmp_path / "clean.dcm", tmp_path / "held.dcm"
    clean.write_bytes(file_of(One()))
    held.write_bytes(with_text())
    done = confrere("intake", str(clean), str(held))
    assert done.returncode == 3
    assert "a person must look" in done.stdout
    assert confrere("intake", str(clean)).returncode == 0


def test_intake_of_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    done = confrere("intake", "--json", str(tmp_path / "nowhere.dcm"))
    assert (done.returncode, done.stdout) == (2, "")
    assert confrere("intake").returncode == 2


@pytest.mark.parametrize("words", [[], ["nonsense"], ["deidentify"], ["verify"], ["ledger", "burn"], ["demo"]])
def test_words_that_make_no_sense_are_a_usage_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert "usage: confrere" in capsys.readouterr().err


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0
        assert f"usage: confrere {command}" in capsys.readouterr().out


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree in which one file of each end lies."""
    source = tmp_path / "in"
    contents = {
        "one.dcm": file_of(One()),
        "deep/er/two": file_of(One(place=2)),
        "text.dcm": with_text(),
        "nested.dcm": too_deep(),
        "deep/notes.txt": b"Dear colleague,",
    }
    for name, content in contents.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    (source / "link.dcm").symlink_to(source / "one.dcm")
    return source


def deidentify(source: Path, target: Path, *options: object) -> int:
    return main(["deidentify", str(source), str(target), "--jobs", "1", *map(str, options)])


def test_a_tree_goes_in_and_the_same_tree_of_what_is_clean_comes_out(
    tree: Path, secret: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_below(tree)
    target, report = tmp_path / "out", tmp_path / "report.json"
    assert deidentify(tree, target, "--secret-file", secret, "--report", report, "--json") == 4
    told = json.loads(report.read_text())
    assert json.loads(capsys.readouterr().out) == told
    assert told["totals"] == {"files": 5, "clean": 2, "held": 1, "refused": 2}
    ends = {one["path"]: (one["outcome"], one["reason"], bool(one["record"])) for one in told["files"]}
    assert ends == {
        "one.dcm": ("clean", "ok", True),
        "deep/er/two": ("clean", "ok", True),
        "text.dcm": ("held", "burned-in-text", False),
        "nested.dcm": ("refused", "nesting-too-deep", False),
        "deep/notes.txt": ("refused", "not-dicom", False),
    }
    assert set(files_below(target)) == {"one.dcm", "deep/er/two"}
    assert files_below(tree) == before
    everything = report.read_bytes() + b"".join(files_below(target).values())
    assert not [canary for canary in CANARIES if canary.encode() in everything]


def test_the_same_secret_gives_the_same_bytes_and_another_one_other_uids(tmp_path: Path, secret: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "one.dcm").write_bytes(file_of(One()))
    outputs = []
    for name, words in (("a", secret.read_bytes()), ("b", secret.read_bytes()), ("c", b"another secret of it all")):
        secret.write_bytes(words)
        assert deidentify(source, tmp_path / name, "--secret-file", secret) == 0
        outputs.append(files_below(tmp_path / name))
    assert outputs[0] == outputs[1] != outputs[2]


def test_what_is_held_alone_exits_three_and_the_headers_profile_lets_it_pass_stamped(
    tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "text.dcm"
    source.write_bytes(with_text())
    assert deidentify(source, tmp_path / "strict", "--secret-file", secret) == 3
    assert files_below(tmp_path / "strict") == {}
    assert "may carry text" in capsys.readouterr().out
    assert deidentify(source, tmp_path / "headers", "--secret-file", secret, "--profile", "headers") == 0
    assert set(files_below(tmp_path / "headers")) == {"text.dcm"}
    assert SECONDARY_CAPTURE.encode() in files_below(tmp_path / "headers")["text.dcm"]


def test_without_a_secret_a_run_stands_alone_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "one.dcm"
    source.write_bytes(file_of(One()))
    assert deidentify(source, tmp_path / "a") == deidentify(source, tmp_path / "b") == 0
    assert files_below(tmp_path / "a") != files_below(tmp_path / "b")
    assert "No --secret-file" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["in", "in/out", "in/deep/out", "elsewhere/../in/out"])
def test_a_target_inside_the_source_is_refused(tree: Path, tmp_path: Path, where: str) -> None:
    before = files_below(tree)
    assert deidentify(tree, tmp_path / where) == 2
    assert files_below(tree) == before


def test_what_is_missing_or_too_short_is_a_usage_error(tree: Path, secret: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert deidentify(tmp_path / "nowhere", target) == 2
    assert deidentify(tree, target, "--secret-file", tmp_path / "nowhere") == 2
    secret.write_bytes(b"  too short   \n")
    assert deidentify(tree, target, "--secret-file", secret) == 2
    assert not target.exists()


def test_a_cleaned_tree_stands_the_second_look_and_the_originals_do_not(
    tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target, known = tmp_path / "in", tmp_path / "out", tmp_path / "known.txt"
    source.mkdir()
    for number, content in enumerate(series(3)):
        (source / f"{number}.dcm").write_bytes(content)
    known.write_text(f"{NAME.replace('^', ' ')}\n{PATIENT_ID}\n")
    deidentify(source, target, "--secret-file", secret)
    capsys.readouterr()
    assert main(["verify", str(target), "--known", str(known), "--jobs", "1", "--json"]) == 0
    clean = json.loads(capsys.readouterr().out)
    assert clean["totals"] == {"files": 3, "residuals": 0, "unread": 0}
    assert main(["verify", str(source), "--known", str(known), "--jobs", "1", "--json"]) == 3
    said = capsys.readouterr().out
    found = json.loads(said)
    assert found["totals"]["files"] == 3
    assert all(one["residuals"] for one in found["files"])
    assert {key for one in found["files"] for residual in one["residuals"] for key in residual} == {
        "kind",
        "place",
        "tag",
    }
    assert main(["verify", str(source), "--known", str(known), "--jobs", "1"]) == 3
    said += capsys.readouterr().out
    assert not [canary for canary in CANARIES if canary in said]


def test_a_file_that_cannot_be_read_is_found_wanting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "originals.dcm").write_bytes(gzip.compress(file_of(One())))
    assert main(["verify", str(tmp_path), "--jobs", "1", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["unread"] == 1
    assert main(["verify", str(tmp_path / "nowhere")]) == 2
    assert main(["verify", str(tmp_path), "--known", str(tmp_path / "nowhere")]) == 2


LINES = """
from confrere.server.configuration import read_configuration
from confrere.server.prepare import migrate, start_django
start_django(read_configuration())
migrate()
from django.db import transaction
from confrere.apps.audit.actions.record import record
for number in range(5):
    with transaction.atomic():
        record("test", "test.line", str(number))
"""


def test_a_broken_ledger_is_told_by_line_and_exit_code(tmp_path: Path) -> None:
    environ = {**os.environ, "CONFRERE_HOME": str(tmp_path), "PYTHONPATH": str(SOURCE)}
    environ.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", LINES], env=environ, check=True)
    home = {"CONFRERE_HOME": str(tmp_path)}
    whole = confrere("ledger", "verify", "--json", **home)
    assert (whole.returncode, json.loads(whole.stdout)) == (0, {"lines": 5, "broken_at": None})
    with closing(sqlite3.connect(tmp_path / "confrere.sqlite3")) as database:
        database.execute("DROP TRIGGER audit_ledgerentry_no_UPDATE")
        database.execute("UPDATE audit_ledgerentry SET actor = 'nobody' WHERE sequence = 3")
        database.commit()
    broken = confrere("ledger", "verify", "--json", **home)
    assert (broken.returncode, json.loads(broken.stdout)) == (3, {"lines": 3, "broken_at": 3})
    in_words = confrere("ledger", "verify", **home)
    assert (in_words.returncode, in_words.stdout) == (3, "The ledger is broken at line 3.\n")


def test_a_ledger_that_is_not_there_is_a_wrong_use_and_makes_none(tmp_path: Path) -> None:
    done = confrere("ledger", "verify", CONFRERE_HOME=str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "there is no home" in done.stderr
    assert not (tmp_path / "nowhere").exists()
