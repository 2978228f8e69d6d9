"""Cut a tree of files into batches and run them in worker processes.

Source: design.md part 8.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

BATCH = 64
T = TypeVar("T")


def files_in(source: Path) -> tuple[Path, list[str]]:
    """The folder, and every regular file below it by relative path, sorted; links are not followed."""
    if source.is_file():
        return source.parent, [source.name]
    found = []
    for folder, _folders, names in os.walk(source):
        paths = (Path(folder) / name for name in names)
        found += [str(path.relative_to(source)) for path in paths if not path.is_symlink()]
    return source, sorted(found)


def in_batches(work: Callable[[list[str]], list[T]], paths: list[str], jobs: int) -> Iterator[T]:
    """Run `work` over batches of `paths` in `jobs` processes and give the results in order."""
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    if jobs <= 1 or len(batches) <= 1:
        for batch in batches:
            yield from work(batch)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for results in pool.map(work, batches):
            yield from results
