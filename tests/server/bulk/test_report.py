"""What the command line says of a path stays on its line, whatever the path is."""

import io
import os
import sys

import pytest

from confrere.server.bulk.report import on_one_line


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a b.dcm", "a b.dcm"),
        ("ज़वेरी.dcm".encode(), "ज़वेरी.dcm"),
        (b"a\nclean b.dcm", r"a\nclean b.dcm"),
        (b"\x1b[31m", r"\x1b[31m"),
        (b"\xff\xfe", r"\udcff\udcfe"),
    ],
)
def test_a_name_cannot_break_its_line_or_change_the_terminal(
    monkeypatch: pytest.MonkeyPatch, name: bytes, shown: str
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    assert on_one_line(os.fsdecode(name)) == shown


def test_what_the_terminal_cannot_write_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "latin-1"))
    assert on_one_line("é ज.dcm") == "é \\u091c.dcm"
