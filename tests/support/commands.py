"""Run the command line as a person does: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def confrere(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `confrere WORDS…` and return what it said."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONFRERE_")}
    inherited.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "confrere", *words],
        env={**inherited, "PYTHONPATH": str(ROOT / "src"), **environ},
        capture_output=True,
        text=True,
        timeout=300,
    )
