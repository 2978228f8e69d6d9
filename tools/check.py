"""Everything that must hold, in one run: gates, front end, tests on both databases; says what it left out.

Started by `python3 run.py test`. With arguments it hands them to pytest and runs nothing else.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import real_parts
from temporary_postgres import NoPostgres, cluster

ROOT = Path(__file__).resolve().parent.parent
VIEWER = ROOT / "viewer"
OLDEST_NODE = (20, 19)
PYTEST_FOUND_NOTHING = 5
STRICT = os.environ.get("CI") == "true"


@dataclass(slots=True)
class Tally:
    """What ran and how it ended; `untested` names what did not run at all."""

    environ: dict[str, str]
    scratch: Path
    failed: list[str] = field(default_factory=list)
    untested: list[str] = field(default_factory=list)

    def step(self, name: str, work: Callable[[], bool]) -> bool:
        """Do one piece of work under its name, print how it went and how long it took."""
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        good = work()
        print(f"-- {name}: {'ok' if good else 'FAILED'} in {time.monotonic() - started:.1f} s", flush=True)
        if not good:
            self.failed.append(name)
        return good

    def command(self, name: str, *words: str, cwd: Path = ROOT) -> bool:
        """Do one step that is one program."""
        return self.step(name, lambda: subprocess.run(words, cwd=cwd, env=self.environ).returncode == 0)


def bring_real_parts(tally: Tally) -> None:
    """Install the real programs that are missing where possible, and note the ones that stay missing."""
    absent = real_parts.missing()
    if absent and real_parts.can_install():
        print("\n== installing with apt: " + ", ".join(part.package for part in absent), flush=True)
        real_parts.install(absent)
    tally.untested += [f"{part.needed_for} (package {part.package})" for part in real_parts.missing()]


def gates(tally: Tally) -> None:
    """The rules that need no running program."""
    python = sys.executable
    programs = Path(python).parent
    tally.command("format", str(programs / "ruff"), "format", "--check", "--quiet", ".")
    tally.command("lint", str(programs / "ruff"), "check", "--quiet", ".")
    tally.command("types", str(programs / "mypy"))
    tally.command("imports", str(programs / "lint-imports"), "--no-logo")
    tally.command("size", python, "tools/size_gate.py")
    tally.command("docs", python, "tools/docs_gate.py")


def built_files() -> dict[str, str]:
    """Return the hash of every static file the package ships."""
    folders = (ROOT / "src").rglob("static")
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def node_is_new_enough() -> bool:
    """Return True when npm is here with a Node that the viewer's tools accept."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
    numbers = tuple(int(part) for part in said.split(".")[:2] if part.isdigit())
    return numbers >= OLDEST_NODE


def front_end(tally: Tally) -> None:
    """Check, test and rebuild the browser islands; what the package ships must be what the source builds."""
    if not node_is_new_enough():
        tally.untested.append("the front end: check, unit tests, rebuild (Node 20.19 or newer, with npm)")
        return
    if not tally.command("front end: install", "npm", "ci", "--no-progress", "--loglevel=error", cwd=VIEWER):
        return
    tally.command("front end: check", "npm", "run", "--silent", "check", cwd=VIEWER)
    tally.command("front end: tests", "npm", "test", "--silent", cwd=VIEWER)
    shipped = built_files()
    if tally.command("front end: build", "npm", "run", "--silent", "build", cwd=VIEWER):
        tally.step("front end: shipped files are the built ones", lambda: _same(shipped, built_files()))


def _same(shipped: dict[str, str], built: dict[str, str]) -> bool:
    for name in sorted(shipped.keys() | built.keys()):
        if shipped.get(name) != built.get(name):
            print(f"  differs: {name} (commit what `npm run build` made)")
    return shipped == built


def tests(tally: Tally, name: str, arguments: Sequence[str]) -> None:
    """Run pytest once and note each skipped test by its reason."""
    report = tally.scratch / "report.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]

    def run() -> bool:
        code = subprocess.run(command, cwd=ROOT, env=tally.environ).returncode
        if code == PYTEST_FOUND_NOTHING:
            tally.untested.append(f"{name}: no test was chosen")
            return not STRICT
        return code == 0

    tally.step(name, run)
    if report.exists():
        skipped = ElementTree.parse(report).getroot().iter("skipped")  # noqa: S314 - our own file
        tally.untested += sorted({f"skipped: {entry.get('message', '')}" for entry in skipped})


def tests_on_postgres(tally: Tally) -> None:
    """Run the tests marked `database` once more, on a PostgreSQL cluster made for them."""
    try:
        with cluster() as url:
            tally.environ["DATABASE_URL"] = url
            tests(tally, "tests on PostgreSQL", ["-m", "database"])
    except NoPostgres as missing:
        tally.untested.append(f"the same tests on PostgreSQL ({missing})")
    finally:
        tally.environ.pop("DATABASE_URL", None)


def conclude(tally: Tally) -> int:
    """Print the last lines and return the exit code; with CI=true nothing may be left out."""
    print("\n== result")
    for line in sorted(set(tally.untested)):
        print(f"  not tested: {line}")
    for name in tally.failed:
        print(f"  failed: {name}")
    if STRICT and tally.untested:
        print("  CI=true: what is not tested counts as failed")
    good = not tally.failed and not (STRICT and tally.untested)
    if good:
        print("  all that ran holds" if tally.untested else "  everything holds")
    else:
        print("  it does not hold")
    return 0 if good else 1


def main(arguments: Sequence[str]) -> int:
    """Run everything, or only pytest when `arguments` choose tests."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="confrere-check-") as scratch:
        # A home of its own: no test may read or write the one somebody works in.
        environ = {**os.environ, "CONFRERE_HOME": str(Path(scratch) / "home"), "PYTHONUNBUFFERED": "1"}
        environ.pop("DATABASE_URL", None)
        tally = Tally(environ, Path(scratch))
        if arguments:
            tests(tally, "tests chosen by hand", arguments)
            tally.untested.append("everything else (pytest was given arguments)")
        else:
            bring_real_parts(tally)
            gates(tally)
            front_end(tally)
            tests(tally, "tests", ["-n", "2", "--dist", "loadfile"])
            tests_on_postgres(tally)
        code = conclude(tally)
    print(f"  {time.monotonic() - started:.0f} s in all")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
