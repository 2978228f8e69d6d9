"""The real programs the tests work against, how each is recognised, and how a missing one is installed."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

# Debian keeps some servers where an ordinary PATH does not look.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


@dataclass(frozen=True, slots=True)
class Part:
    """A program or file of the distribution, and what stays untested without it."""

    package: str
    needed_for: str
    is_here: Callable[[], bool]


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name, path=SEARCH_PATH) for name in names)


def _file(pattern: str) -> Callable[[], bool]:
    return lambda: any(Path("/").glob(pattern.lstrip("/")))


PARTS = (
    Part("chromium", "journeys in a real browser", _program("chromium", "chromium-browser", "google-chrome")),
    Part("dcmtk", "C-STORE from a foreign sender (storescu)", _program("dcmdump")),
    Part("dicom3tools", "what an independent validator says of cleaned files", _program("dciodvfy")),
    Part("orthanc", "C-STORE from a foreign archive", _program("Orthanc")),
    Part("postgresql", "the same tests on PostgreSQL", _file("/usr/lib/postgresql/*/bin/initdb")),
    Part(
        "invesalius-examples",
        "a real CT of 108 slices",
        _file("/usr/share/doc/invesalius-examples/examples/Cranium.inv3"),
    ),
    Part("libimage-exiftool-perl", "what an independent reader still sees in our pictures", _program("exiftool")),
    Part("strace", "what a jailed parser may call", _program("strace")),
    Part("fonts-noto-core", "pages in Indian scripts", _file("/usr/share/fonts/truetype/noto/*Devanagari*")),
)


def missing() -> tuple[Part, ...]:
    """Return the parts that are not on this machine."""
    return tuple(part for part in PARTS if not part.is_here())


def can_install() -> bool:
    """Return True for root on a Debian-like system."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(parts: Iterable[Part]) -> None:
    """Ask apt for `parts`; one that cannot be had is left missing, and the caller looks again."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environ, check=False)
    for part in parts:
        print(f"  apt-get install {part.package}", flush=True)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", part.package]
        subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=False)
