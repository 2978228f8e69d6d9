"""The skip policy of tests/conftest.py, shown with seeded tests in a pytest of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

POLICY = Path(__file__).with_name("conftest.py")
SKIPPED_TEST = 'import pytest\n\ndef test_nothing() -> None:\n    pytest.skip("no such part here")\n'
SKIPPED_FILE = 'import pytest\n\npytest.importorskip("no_such_module_anywhere")\n\ndef test_nothing() -> None: ...\n'
MARKED_TEST = "import pytest\n\n@pytest.mark.skipif(True, reason='not here')\ndef test_nothing() -> None: ...\n"
PASSING_TEST = "def test_nothing() -> None: ...\n"


def run_pytest(folder: Path, test: str, *, ci: str) -> tuple[int, str]:
    """Run one seeded test file under our policy; return pytest's exit code and what it printed."""
    (folder / "conftest.py").write_text(POLICY.read_text())
    (folder / "test_seeded.py").write_text(test)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:django",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "CI": ci}, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout


@pytest.mark.parametrize("test", [SKIPPED_TEST, SKIPPED_FILE, MARKED_TEST])
def test_a_skip_fails_in_ci_and_nowhere_else(tmp_path: Path, test: str) -> None:
    code, said = run_pytest(tmp_path, test, ci="true")
    assert code != 0
    assert "allows no skips" in said
    code, said = run_pytest(tmp_path, test, ci="")
    assert code in (0, 5)
    assert "1 skipped" in said


def test_a_passing_test_passes_in_ci(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, PASSING_TEST, ci="true")[0] == 0
