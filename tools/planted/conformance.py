"""What dicom3tools' `dciodvfy` says of an output and did not say of its input.

Source: PS3.3 (IODs) as dciodvfy knows it; Debian's package dicom3tools.
"""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

PROGRAM = "dciodvfy"
_ERROR = re.compile(r"^Error - (.*)$", re.MULTILINE)
# What it quotes of a file's values and where in a sequence it stands says nothing about the kind of error.
_VALUE = re.compile(r" = <[^>]*>|'[^']*'|\[\d+\]|0x[0-9a-f]+")


def is_here() -> bool:
    """Whether the program is installed."""
    return shutil.which(PROGRAM) is not None


def errors(path: Path) -> set[str]:
    """The kinds of errors dciodvfy finds, without the values it quotes."""
    # It prints what it found on stderr and exits non-zero for any error.
    said = subprocess.run([PROGRAM, "-new", str(path)], capture_output=True, check=False)
    text = (said.stdout + said.stderr).decode(errors="replace")
    return {_VALUE.sub("", line).strip() for line in _ERROR.findall(text)}


def new_errors(pairs: Iterable[tuple[Path, Path]]) -> Counter[str]:
    """For (input, output) pairs, each error that an output has and its input has not, and in how many outputs."""
    found: Counter[str] = Counter()
    for before, after in pairs:
        found.update(errors(after) - errors(before))
    return found
