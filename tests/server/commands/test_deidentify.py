"""`confrere deidentify` as a person runs it: by the command script, in processes of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import run
from support.sending import One, file_of

SOURCE = Path(__file__).resolve().parents[3] / "src"


def test_the_command_that_run_py_writes_starts_worker_processes(tmp_path: Path) -> None:
    command, source = tmp_path / "confrere", tmp_path / "in"
    command.write_text(run.command_script(Path(sys.executable)))
    command.chmod(0o755)
    source.mkdir()
    for place in range(130):
        (source / f"{place:03}.dcm").write_bytes(file_of(One(place=place)))
    done = subprocess.run(
        [command, "deidentify", source, tmp_path / "out", "--jobs", "2", "--json"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["totals"]["clean"] == 130
    assert len(list((tmp_path / "out").glob("*.dcm"))) == 130
