"""`confrere check-text`: what it prints, what it never prints, and its exit codes."""

import io
import json
import sys
from pathlib import Path

import pytest

from confrere.adapters import name_network
from confrere.core.terms import Broken
from confrere.server.cli import main

TEXT = "Seen with Mr Iyer.\nCall 98450 12345, liver normal."


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """Gives the command a standard input."""

    def give(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return give


def test_spans_are_code_points_of_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "post.txt"
    file.write_text("😀 " + TEXT, encoding="utf-8")
    assert main(["check-text", str(file), "--json"]) == 3
    spans = json.loads(capsys.readouterr().out)
    assert [("😀 " + TEXT)[one["start"] : one["end"]] for one in spans] == ["Mr Iyer", "98450 12345"]
    assert all(set(one) == {"start", "end", "kind", "score"} for one in spans)


def test_in_words_it_says_where_and_what_kind_and_never_the_words(typed, capsys: pytest.CaptureFixture[str]) -> None:
    typed(TEXT.encode())
    assert main(["check-text"]) == 3
    said = capsys.readouterr().out
    assert "line 1, column 11: name" in said and "line 2, column 6: phone" in said
    assert "Iyer" not in said and "98450" not in said


def test_nothing_found_is_exit_0(typed, capsys: pytest.CaptureFixture[str]) -> None:
    typed(b"Hodgkin lymphoma, Siemens Somatom, L4-L5")
    assert main(["check-text", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_each_line_is_answered_under_its_own_id(typed, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"id": "a", "text": "liver normal"}, {"id": 7, "text": "नाम: अनीता देवी"}]
    typed("\n".join(json.dumps(line) for line in lines).encode())
    assert main(["check-text", "--jsonl"]) == 3
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {"id": "a", "spans": []}
    assert second["id"] == 7 and second["spans"][0]["kind"] == "name"


@pytest.mark.parametrize("line", ["no json", "[]", '{"id": 1}', '{"id": 1, "text": 5}', "7"])
def test_a_line_that_is_no_question_is_usage(line: str, typed, capsys: pytest.CaptureFixture[str]) -> None:
    typed(line.encode())
    assert main(["check-text", "--jsonl"]) == 2
    assert "line 1" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-text", str(tmp_path / "none.txt")]) == 2
    assert str(tmp_path) not in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"a\0b", b"\xff\xfe"])
def test_what_is_no_text_is_refused(content: bytes, typed) -> None:
    typed(content)
    assert main(["check-text"]) == 4


def test_half_a_pair_of_surrogates_in_a_line_is_refused_and_the_others_are_answered(
    typed, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(b'{"id": 1, "text": "a\\ud800"}\n{"id": 2, "text": "Mr Iyer"}\n')
    assert main(["check-text", "--jsonl"]) == 4
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {"id": 1, "spans": [], "reason": "bad-text"} and second["spans"]


def test_without_its_network_nothing_is_said_to_be_clean(
    typed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone() -> None:
        raise Broken("weights are missing; install requirements.lock", retryable=False)

    monkeypatch.setattr(name_network, "load_name_network", gone)
    typed(b"liver normal")
    assert main(["check-text"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "requirements.lock" in said.err


def test_no_switch_turns_a_part_off() -> None:
    with pytest.raises(SystemExit) as told:
        main(["check-text", "--rules-only"])
    assert told.value.code == 2
