"""Make the lock files anew: versions and hashes only, so that they install behind any mirror.

Run as `.venv/bin/python tools/lock.py`, or with `--upgrade` to move to newer releases.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.lock": ["--no-default-groups"],
    "requirements-cluster.lock": ["--no-default-groups", "--extra", "cluster"],
    "requirements-dev.lock": ["--no-default-groups", "--group", "dev"],
    "requirements-demo.lock": ["--only-group", "demo"],
}
PLAIN = ["--format", "requirements.txt", "--no-emit-project", "--no-header", "--no-annotate", "--frozen"]


def uv() -> str:
    """Return the path of the uv beside this Python, or of the one on PATH."""
    found = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if found is None:
        sys.exit("uv is missing: run `python3 run.py test` once, it installs the developers' lock with uv in it.")
    return found


def main() -> None:
    """Lock, then export each file; uv.lock itself is not committed, because it names hosts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="move every package to its newest allowed release")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    tool = uv()
    subprocess.run([tool, "lock", "--quiet", *upgrade], cwd=ROOT, check=True)
    for name, choice in LOCKS.items():
        command = [tool, "export", "--quiet", *PLAIN, *choice, "--output-file", name]
        subprocess.run(command, cwd=ROOT, check=True)
        print(f"{name}: {(ROOT / name).read_text().count('==')} packages")


if __name__ == "__main__":
    main()
