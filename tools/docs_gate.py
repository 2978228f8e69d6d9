"""Refuse docs that have drifted: dead links, lost pages, unexplained dependencies, stray fragments."""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRAGMENT = re.compile(r"[a-z0-9+][a-z0-9-]*\.(rule|privacy|feature|fix|removal)\.md")
# Markdown links and pictures whose target is a path, not an address.
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|mailto:|#)([^)\s#]+)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NOT_DOCS = {".venv", "node_modules", ".git", "var", ".pytest_cache"}
ADR = re.compile(r"[0-9]{4}-[a-z0-9-]+\.md")


def pages(root: Path) -> list[Path]:
    """Return every Markdown file of the repository."""
    found = (file for file in root.rglob("*.md") if not NOT_DOCS & set(file.relative_to(root).parts))
    return sorted(found)


def dead_links(root: Path) -> Iterator[str]:
    """Yield each link to a file that is not there."""
    for page in pages(root):
        for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(root)}: links to {target}, which is not there"


def unreachable_pages(root: Path) -> Iterator[str]:
    """Yield each page under docs/ that no other page links to."""
    linked = {root / "docs" / "index.md"}
    for page in pages(root):
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        linked |= {(page.parent / target).resolve() for target in LINK.findall(text)}
    resolved = {page.resolve() for page in linked}
    for page in pages(root / "docs"):
        if page.resolve() not in resolved:
            yield f"{page.relative_to(root)}: no page links to it"


def unexplained_dependencies(root: Path) -> Iterator[str]:
    """Yield each declared dependency without a row on the page of reasons, and each row without one."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [
        *project.get("dependency-groups", {}).values(),
        *project["project"].get("optional-dependencies", {}).values(),
    ]
    lines = [*project["project"]["dependencies"], *(line for group in groups for line in group)]
    declared = {re.split(r"[\[<>=~! ]", line, maxsplit=1)[0].lower() for line in lines}
    page = root / "docs" / "explanation" / "dependencies.md"
    explained = set(re.findall(r"^\| `([a-z0-9_.-]+)`", page.read_text(encoding="utf-8"), re.MULTILINE))
    for name in sorted(declared - explained):
        yield f"docs/explanation/dependencies.md: says nothing about {name}"
    for name in sorted(explained - declared):
        yield f"docs/explanation/dependencies.md: explains {name}, which pyproject.toml does not ask for"


def stray_files(root: Path) -> Iterator[str]:
    """Yield each changelog fragment and each decision record whose name says nothing to the tools."""
    for file in sorted((root / "changelog.d").glob("*")):
        if file.name != "README.md" and not FRAGMENT.fullmatch(file.name):
            yield f"changelog.d/{file.name}: name it <subject>.<rule|privacy|feature|fix|removal>.md"
    for file in sorted((root / "docs" / "adr").glob("*")):
        if file.name != "README.md" and not ADR.fullmatch(file.name):
            yield f"docs/adr/{file.name}: name it <four digits>-<subject>.md"


def complaints(root: Path) -> list[str]:
    """Return every complaint about the docs of the tree at `root`."""
    checks = (dead_links, unreachable_pages, unexplained_dependencies, stray_files)
    return [line for check in checks for line in check(root)]


def main() -> int:
    """Print the complaints; exit 1 if there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=ROOT)
    found = complaints(parser.parse_args().root.resolve())
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
