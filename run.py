#!/usr/bin/env python3
"""The one door: makes this folder's Python environment, then starts Confrere or tests it.

    python3 run.py up [--port N] [--dicom-port N] [--home DIR] [--production]   start everything
    python3 run.py test [pytest arguments]                                      run every gate and test
    python3 run.py confrere COMMAND …                                           any other command of Confrere

Standard library only: it runs before anything is installed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)

RUNTIME = "requirements.lock"
DEMO = "requirements-demo.lock"
DEVELOPMENT = "requirements-dev.lock"


def stop(sentence: str) -> NoReturn:
    """Say what is wrong and what to do, and leave with the code for a broken set-up."""
    print(f"run.py: {sentence}", file=sys.stderr)
    sys.exit(1)


def make_environment() -> None:
    """Make `.venv` for the Python that runs now; an environment of another Python is made anew."""
    made_by = VENV / ".made-by"
    # By the Python beneath: the one in .venv is the same, and must not clear the ground it stands on.
    this_python = f"{sys.version}\n{sys.base_prefix}\n{ROOT}\n"
    if PYTHON.exists() and made_by.exists() and made_by.read_text() == this_python:
        return
    has_uv = shutil.which("uv") is not None
    if not has_uv and importlib.util.find_spec("ensurepip") is None:
        stop("this Python cannot make environments. On Debian or Ubuntu: sudo apt-get install -y python3-venv")
    print("run.py: making the environment in .venv", flush=True)
    venv.EnvBuilder(with_pip=not has_uv, clear=True).create(VENV)
    made_by.write_text(this_python)


def install(lock: str) -> None:
    """Install one lock file, every package checked against its hash; nothing happens if it is installed."""
    content = (ROOT / lock).read_bytes()
    stamp = VENV / f".installed-{lock}"
    wanted = hashlib.sha256(content).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    started = time.monotonic()
    print(f"run.py: installing {lock}", flush=True)
    # The lock is complete, so no resolver; wheels only, so no foreign build script runs here.
    choice = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    if not (_install_with_uv(choice) or _install_with_pip(choice)):
        stop(f"could not install {lock}. Is a package index in reach? pip's own settings apply; see above.")
    stamp.write_text(wanted)
    print(f"run.py: installed {lock} in {time.monotonic() - started:.0f} s", flush=True)


def _install_with_uv(choice: list[str]) -> bool:
    """Return True when uv is here and did it; it does not read pip's settings, so pip comes after it."""
    tool = shutil.which("uv")
    if tool is None:
        return False
    command = [tool, "pip", "install", "--quiet", "--python", str(PYTHON), *choice]
    return subprocess.run(command, cwd=ROOT).returncode == 0


def _install_with_pip(choice: list[str]) -> bool:
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode != 0:
        subprocess.run([PYTHON, "-m", "ensurepip", "--default-pip"], capture_output=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *choice]
    return subprocess.run(command, cwd=ROOT).returncode == 0


# A worker process imports the script that started its parent, so that one must do nothing when it is imported.
COMMAND = """#!{python}
import sys

from confrere.server.cli import main

if __name__ == "__main__":
    sys.exit(main())
"""


def command_script(python: Path) -> str:
    """The text of the `confrere` command that runs with `python`."""
    return COMMAND.format(python=python)


def point_at_source() -> None:
    """Make `import confrere` find src/ by a .pth file (no build, so no build tools to fetch); put the command there."""
    libraries = next(VENV.glob("lib/python*/site-packages"), VENV / "Lib" / "site-packages")
    pointer = libraries / "confrere-source.pth"
    wanted = f"{ROOT / 'src'}\n"
    if not pointer.exists() or pointer.read_text() != wanted:
        pointer.write_text(wanted)
    command = BIN / "confrere"
    script = command_script(PYTHON)
    if os.name != "nt" and (not command.exists() or command.read_text() != script):
        command.write_text(script)
        command.chmod(0o755)


def become(arguments: list[str]) -> NoReturn:
    """Turn this process into the environment's Python, so that Ctrl-C and signals reach it alone."""
    command = [str(PYTHON), *arguments]
    sys.stdout.flush()
    # PATH stays as it is: the environment has a storescu of its own, which is not dcmtk's.
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


def main(arguments: list[str]) -> NoReturn:
    """Do one of the three commands; without a command, start."""
    if sys.version_info < OLDEST:
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("up", [])
    if command in ("-h", "--help") or command not in ("up", "test", "confrere"):
        print(__doc__)
        sys.exit(0 if command in ("-h", "--help") else 2)
    make_environment()
    point_at_source()
    install(RUNTIME)
    if command == "test":
        install(DEVELOPMENT)
        install(DEMO)
        become([str(ROOT / "tools" / "check.py"), *rest])
    if command == "up":
        if "--production" not in rest:
            install(DEMO)
        become(["-m", "confrere", "up", *rest])
    become(["-m", "confrere", *rest])


if __name__ == "__main__":
    main(sys.argv[1:])
