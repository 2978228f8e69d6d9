"""The how-to works: each command of docs/how-to/de-identify-files.md is run on an archive with a letter in it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from support.sending import One, file_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/how-to/de-identify-files.md"
COMMAND = re.compile(r"```sh(?: expect=(?P<code>\d))?\n(?P<words>.+?)\n```", re.DOTALL)


def test_every_command_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "ARCHIVE").mkdir()
    (tmp_path / "ARCHIVE/one.dcm").write_bytes(file_of(One()))
    (tmp_path / "ARCHIVE/letter.txt").write_bytes(b"Dear colleague,")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "confrere").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m confrere "$@"\n')
    (programs / "confrere").chmod(0o755)
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    commands = list(COMMAND.finditer(PAGE.read_text(encoding="utf-8")))
    assert len(commands) == 3
    for command in commands:
        done = subprocess.run(
            ["sh", "-ec", command["words"]],
            cwd=tmp_path,
            env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == int(command["code"] or 0), command["words"] + done.stderr
    assert (tmp_path / "secret").stat().st_mode & 0o77 == 0
    assert (tmp_path / "report.json").exists()
    assert [file.name for file in (tmp_path / "CLEAN").iterdir() if file.is_file()] == ["one.dcm"]
