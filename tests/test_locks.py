"""What is committed names no host and no machine, and the locks hold what the code asks for."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
# Put together from halves, so that this file does not find itself.
FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/wo" + r"rk/",
            r"(?<![\w.])/ro" + r"ot/[\w.]",
            r"/tm" + r"p/w/",
            r"file:///o" + r"pt",
            "files.python" + "hosted",
            "pypi" + r"\.org",
            "registry.npm" + r"js\.org",
        ]
    )
)
# What comes with the Python that runs here, under the names it is imported by.
PROVIDED = importlib.metadata.packages_distributions()


def committed_files() -> list[Path]:
    """Return every file that git has or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def foreign_words(content: str) -> list[str]:
    """Return what in `content` names a machine or a package index."""
    return [found.group() for found in FOREIGN.finditer(content)]


def normal(name: str) -> str:
    """Return a package name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: Path) -> dict[str, str]:
    """Return the block of each package of `lock`: its line and its hashes."""
    blocks = re.split(r"^(?=[a-zA-Z0-9])", lock.read_text(), flags=re.MULTILINE)
    return {normal(block.split("==")[0]): block for block in blocks if "==" in block}


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the first word of each absolute import of `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_no_committed_file_names_a_machine_or_an_index() -> None:
    guilty = {}
    for file in committed_files():
        if found := foreign_words(file.read_bytes().decode("utf-8", errors="replace")):
            guilty[str(file.relative_to(ROOT))] = sorted(set(found))
    assert not guilty


@pytest.mark.parametrize(
    "seeded",
    ["see /wo" + "rk/x", "file:///o" + "pt/pypi", "https://registry.npm" + "js.org/a", "x=/ro" + "ot/.npmrc"],
)
def test_the_search_for_foreign_words_bites(seeded: str) -> None:
    assert foreign_words(seeded)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_versions_and_hashes_and_no_address(lock: Path) -> None:
    content = lock.read_text()
    assert "://" not in content
    assert " @ " not in content
    assert "--index" not in content
    assert locked(lock)
    assert [name for name, block in locked(lock).items() if "--hash=sha256:" not in block] == []


def test_the_npm_lock_has_no_addresses() -> None:
    content = (ROOT / "viewer" / "package-lock.json").read_text()
    assert '"resolved"' not in content
    assert "://" not in content
    packages = json.loads(content)["packages"]
    without = [name for name, entry in packages.items() if name and not entry.get("link") and "integrity" not in entry]
    assert without == []


def test_the_lock_of_uv_is_not_committed() -> None:
    assert ROOT / "uv.lock" not in committed_files()


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-cluster.lock": [
            *project["project"]["dependencies"],
            *project["project"]["optional-dependencies"]["cluster"],
        ],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
        "requirements-demo.lock": project["dependency-groups"]["demo"],
    }
    for name, lines in wanted.items():
        asked = {normal(re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0]) for line in lines}
        assert asked - locked(ROOT / name).keys() == set()


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ("requirements.lock", "requirements-dev.lock"),
        ("requirements.lock", "requirements-cluster.lock"),
        ("requirements-cluster.lock", "requirements-dev.lock"),
    ],
)
def test_a_lock_installs_on_top_of_another(below: str, above: str) -> None:
    wanted, found = locked(ROOT / below), locked(ROOT / above)
    assert {name: block for name, block in wanted.items() if found.get(name) != block} == {}


def test_no_copyleft_program_library_is_locked() -> None:
    """GPL and AGPL stay out; LGPL (psycopg) is used unchanged, as a library."""
    names = {name for lock in LOCKS for name in locked(lock)}
    guilty = []
    for found in importlib.metadata.distributions():
        name = normal(found.metadata["Name"])
        licence = str(found.metadata.get("License-Expression") or found.metadata.get("License") or "")
        if name in names and re.search(r"\bA?GPL", licence.split("\n")[0]):
            guilty.append(f"{name}: {licence}")
    assert guilty == []


def test_the_product_imports_only_what_it_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["cluster"]]
    declared = {normal(re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0]) for line in lines}
    demo = {"nilearn", "pydicom-data"}
    undeclared = {}
    for file in sorted((ROOT / "src").rglob("*.py")):
        for module in set(imported(ast.parse(file.read_text()))) - sys.stdlib_module_names - {"confrere"}:
            if not {normal(name) for name in PROVIDED.get(module, [module])} & (declared | demo):
                undeclared[module] = str(file.relative_to(ROOT))
    assert undeclared == {}
