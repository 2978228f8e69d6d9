"""The child's own rules, as far as they can be seen without building the walls around the tests."""

import json
import os
import sys
from pathlib import Path

import pytest

from confrere.adapters import jail_child
from confrere.core.terms import Broken, Held, Refused


def test_no_folder_of_the_institution_is_among_the_readable_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Started from its own folder, Python puts that folder, with ./var below it, on its path.
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    paths = jail_child._program_paths()
    assert tmp_path not in paths
    assert Path("/") not in paths
    assert Path(jail_child.__file__).parents[1] in paths


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Refused("truncated", "x"), {"stopped": "Refused", "code": "truncated", "detail": "x"}),
        (Held("truncated"), {"stopped": "Held", "code": "truncated", "detail": ""}),
        (Broken("m", retryable=True), {"stopped": "Broken", "detail": "m", "retryable": True}),
        (RecursionError("ZQX"), {"stopped": "Refused", "code": "parser-stopped"}),
        (KeyError("ZQX"), {"stopped": "Broken", "detail": "jail: KeyError", "retryable": False}),
    ],
)
def test_what_is_told_of_an_error(error: Exception, told: dict[str, object]) -> None:
    assert jail_child._stopped(error) == {**told, "blobs": []}


def test_a_target_outside_the_prefix_is_not_imported() -> None:
    with pytest.raises(ImportError):
        jail_child._target("os:getpid", "confrere.")


def test_a_request_is_answered_in_the_answer_file(tmp_path: Path) -> None:
    header = json.dumps({"target": "confrere.core.terms:nothing", "args": {}, "blobs": [1]}).encode()
    question, answer = (os.open(tmp_path / name, os.O_RDWR | os.O_CREAT) for name in ("q", "a"))
    os.write(question, header + b"x")
    size = jail_child._answer([question, answer], len(header), {"prefix": "confrere.", "limits": {"output_bytes": 99}})
    os.close(question)
    os.close(answer)
    told = json.loads((tmp_path / "a").read_bytes()[:size])
    assert told == {"stopped": "Broken", "detail": "jail: AttributeError", "retryable": False, "blobs": []}
