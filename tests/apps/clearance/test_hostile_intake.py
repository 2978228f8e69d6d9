"""Hostile files that are not DICOM end through the real intake as the open set says, with its reason.

The set stands beside the tree, in shared/tools/hostile.py; each file is sent, examined in the jail and settled.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.commands import ROOT, confrere

HOSTILE = ROOT.parent / "shared" / "tools" / "hostile.py"
ROW = re.compile(r'@case\("([IVPNT]\d+)", "([^"]+)", "[^"]+", "([A-Z]+)", "([^"]+)"')
OUTCOMES = {"CLEAN": "clean", "HOLD": "held", "REFUSE": "refused"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not HOSTILE.exists():
        pytest.skip("the open set of hostile files is not beside this tree")
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(HOSTILE), str(folder)], check=True, capture_output=True)
    return folder


def test_every_hostile_picture_film_document_volume_and_text_ends_as_it_must(files: Path) -> None:
    rows = ROW.findall(HOSTILE.read_text("utf-8"))
    assert len(rows) >= 17
    paths = [next(files.rglob(name)) for _row, name, _outcome, _reason in rows]
    told = json.loads(confrere("intake", "--json", *map(str, paths)).stdout)
    ends = {row: (one["outcome"], one["reason"]) for (row, *_), one in zip(rows, told, strict=True)}
    assert ends == {row: (OUTCOMES[outcome], reason) for row, _name, outcome, reason in rows}
