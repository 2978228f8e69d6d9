"""The house stands as designed: contracts bite, relations point upstream, tests mirror the source."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

import docs_gate
import size_gate

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "confrere"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
STATIONS = next(contract for contract in CONTRACTS if contract["id"] == "stations")["layers"]

# (contract, file of the package to plant, its content); the names need not exist, only the import does.
SEEDED = [
    ("storeys", "core/terms/seeded.py", "import confrere.adapters"),
    ("storeys", "adapters/seeded.py", "import confrere.apps.audit"),
    ("storeys", "apps/audit/seeded.py", "import confrere.conveyor"),
    ("storeys", "conveyor_seeded/__init__.py", "A_NEW_ROOM_NOBODY_LISTED = 1"),
    ("stations", "apps/audit/seeded.py", "import confrere.apps.accounts"),
    ("stations", "apps/clearance/seeded.py", "def late() -> None:\n    import confrere.apps.release"),
    ("stations", "apps/rooms/seeded.py", "import confrere.apps.discuss"),
    ("stations", "apps/unlisted/__init__.py", "A_NEW_STATION_NOBODY_LISTED = 1"),
    ("core-order", "core/terms/seeded.py", "import confrere.core.dicom"),
    ("core-order", "core/dicom/seeded.py", "import confrere.core.lifecycle"),
    ("core-order", "core/unlisted/__init__.py", "A_NEW_ROOM_NOBODY_LISTED = 1"),
    ("core-pure", "core/terms/seeded.py", "import django.db"),
    ("core-pure", "core/terms/seeded.py", "def late() -> None:\n    from time import sleep"),
    ("core-pure", "core/terms/seeded.py", "import urllib.request"),
    ("core-pure", "core/terms/seeded.py", "from uuid import uuid4"),
    ("verifier-blind", "core/verify/seeded.py", "import confrere.core.deidentify"),
    ("verifier-blind", "core/verify/seeded.py", "import confrere.core.dicom.walk"),
    ("quarantine-rooms", "apps/release/seeded.py", "import confrere.adapters.quarantine"),
    ("quarantine-rooms", "server/seeded.py", "from confrere.adapters.quarantine import Quarantine"),
    ("pages-no-tables", "apps/cases/pages/seeded.py", "import confrere.apps.cases.models"),
    ("pages-no-tables", "apps/discuss/pages/seeded.py", "from confrere.apps.cases.models import Case"),
    ("doors-apart", "apps/intake/doors/seeded.py", "import confrere.apps.intake.doors.other_door"),
    ("readers-apart", "core/pixels/readers/seeded.py", "import confrere.core.pixels.readers.photograph"),
    ("no-cycles", "adapters/seeded.py", "import confrere.adapters.clock_face"),
]
# Modules that other seeds need as partners.
PARTNERS = {
    "apps/intake/doors/other_door.py": "",
    "adapters/clock_face.py": "def late() -> None:\n    import confrere.adapters.seeded",
    "adapters/quarantine.py": None,
    "conveyor.py": None,
    "core/verify/__init__.py": None,
    "core/dicom/walk.py": None,
}


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run the import linter on the package in `folder`."""
    only = [word for contract in contracts for word in ("--contract", contract)]
    # No cache: it goes by file times, and seeds are planted faster than those tick.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache", *only]
    environ = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the contracts beside it, where a test may do damage."""
    folder = tmp_path_factory.mktemp("house")
    leave_out = shutil.ignore_patterns("__pycache__", "static", "templates", "*.json", "*.webp")
    shutil.copytree(SOURCE, folder / "confrere", ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, content in PARTNERS.items():
        file = folder / "confrere" / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content or "")
    return folder


@pytest.mark.parametrize(("contract", "name", "content"), SEEDED)
def test_an_import_against_a_contract_is_caught(copy: Path, contract: str, name: str, content: str) -> None:
    sentence = next(entry["name"] for entry in CONTRACTS if entry["id"] == contract)
    planted = copy / "confrere" / name
    fresh_folder = not planted.parent.exists()
    planted.parent.mkdir(exist_ok=True)
    if fresh_folder:
        planted.with_name("__init__.py").touch()
    planted.write_text(content + "\n")
    try:
        done = lint(copy, contract)
    finally:
        planted.unlink()
        if fresh_folder:
            shutil.rmtree(planted.parent)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{sentence} BROKEN" in done.stdout
    assert "seeded" in done.stdout or "unlisted" in done.stdout


def test_every_contract_has_a_seeded_failure() -> None:
    assert {contract["id"] for contract in CONTRACTS} == {contract for contract, _, _ in SEEDED}


def test_the_package_keeps_every_contract(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


def height_of(app: str) -> int:
    """Return how far downstream the station `app` lies; 0 is the ledger, and siblings share a height."""
    for height, layer in enumerate(reversed(STATIONS)):
        if app in [name.strip(" ()") for name in layer.split("|")]:
            return height
    raise AssertionError(f"{app} is a Django app but no station")


def relations(models: list[type[Model]]) -> Iterator[tuple[str, str, str]]:
    """Yield (station, field, station pointed at) for each relation a model of ours declares."""
    for model in models:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.remote_field.model if field.remote_field else None
            if target is not None and not isinstance(target, str) and target.__module__.startswith("confrere."):
                yield model._meta.app_label, str(field), target._meta.app_label


def wrong_way(found: Iterator[tuple[str, str, str]]) -> list[str]:
    """Return the relations that point downstream or at a sibling."""
    return [
        f"{field} points at {target}"
        for station, field, target in found
        if station != target and height_of(target) >= height_of(station)
    ]


def test_no_relation_between_tables_points_downstream() -> None:
    """The import linter cannot see Django's relations written as strings."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("confrere.apps.")]
    assert ours
    assert wrong_way(relations(ours)) == []


@pytest.mark.parametrize(("station", "target"), [("audit", "accounts"), ("cases", "release"), ("rooms", "discuss")])
def test_a_relation_downstream_or_sideways_is_caught(station: str, target: str) -> None:
    assert wrong_way(iter([(station, f"{station}.Seeded.link", target)]))


def test_files_functions_and_parameters_stay_small() -> None:
    assert size_gate.walk(ROOT) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("x = 1\n" * 401, "401 lines"),
        ("def long() -> None:\n" + "    x = 1\n" * 60, "long has 61 lines"),
        (
            "def wide(a: int, b: int, c: int, d: int, e: int, *, f: int, g: int) -> None: ...\n",
            "wide takes 7",
        ),
    ],
)
def test_the_size_gate_bites(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "src").mkdir()
    file = tmp_path / "src" / "seeded.py"
    file.write_text(content)
    assert [line for line in size_gate.walk(tmp_path) if complaint in line]
    file.write_text("# generated by tools/seeded.py\n" + content)
    assert size_gate.walk(tmp_path) == []


# Modules that are exercised by the tests of what stands above them, each with its reason.
WITHOUT_OWN_TEST = {
    "adapters/dimse/sink.py": "two Protocols without code; mypy holds intake to them, the node's tests call them",
    "adapters/keybox/__main__.py": "three lines; started by the tests of its server",
}


DEFINES = re.compile(r"^(async def|def|class) ", re.MULTILINE)


def without_counterpart(source: Path, tests: Path) -> list[str]:
    """Return the modules of core and adapters that define something and have no tests/…/test_<name>.py."""
    lonely = []
    for storey in ("core", "adapters"):
        for module in sorted((source / storey).rglob("*.py")):
            name = str(module.relative_to(source))
            has_code = any(
                line.startswith(("def ", "async def ", "class ")) for line in module.read_text().splitlines()
            )
            if not has_code or name in WITHOUT_OWN_TEST:
                continue
            if module.name == "__init__.py":
                expected = tests / module.parent.parent.relative_to(source) / f"test_{module.parent.name}.py"
            else:
                expected = tests / module.parent.relative_to(source) / f"test_{module.name}"
            if not expected.exists():
                lonely.append(f"{name}: no {expected.relative_to(tests.parent)}")
    return lonely


def test_every_module_of_core_and_adapters_has_its_test() -> None:
    assert without_counterpart(SOURCE, ROOT / "tests") == []


def test_the_list_of_modules_without_a_test_is_true() -> None:
    assert [name for name in WITHOUT_OWN_TEST if not (SOURCE / name).exists()] == []


def test_a_module_without_a_test_is_caught(tmp_path: Path) -> None:
    module = tmp_path / "confrere" / "core" / "seeded.py"
    module.parent.mkdir(parents=True)
    (tmp_path / "confrere" / "adapters").mkdir()
    module.write_text("def lonely() -> None: ...\n")
    (tmp_path / "tests" / "core").mkdir(parents=True)
    assert without_counterpart(tmp_path / "confrere", tmp_path / "tests")
    (tmp_path / "tests" / "core" / "test_seeded.py").write_text("")
    assert without_counterpart(tmp_path / "confrere", tmp_path / "tests") == []


def test_the_docs_have_not_drifted() -> None:
    assert docs_gate.complaints(ROOT) == []


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("docs/index.md", "[gone](how-to/gone.md)\n", "links to how-to/gone.md"),
        ("docs/how-to/lost.md", "# Nobody finds me\n", "no page links to it"),
        ("docs/explanation/dependencies.md", "| `left-over` | why |\n", "explains left-over"),
        ("docs/explanation/dependencies.md", "nothing\n", "says nothing about django"),
        ("changelog.d/change.txt", "x\n", "changelog.d/change.txt"),
        ("docs/adr/decision.md", "x\n", "docs/adr/decision.md: name it"),
    ],
)
def test_the_docs_gate_bites(tmp_path: Path, name: str, content: str, complaint: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["django>=5"]\n')
    sound = {
        "docs/index.md": "[why](explanation/dependencies.md)\n",
        "docs/explanation/dependencies.md": "| `django` |\n",
    }
    for path, text in {**sound, name: content}.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert [line for line in docs_gate.complaints(tmp_path) if complaint in line]
