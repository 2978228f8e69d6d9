"""Change every byte of real files, in several ways, and cut them short: each must end clean, held or refused.

    .venv/bin/python benchmarks/flip_every_byte.py [--files ct,mr,jpeg-lossless] [--jobs N] [--pixels 400] [--structure]

With --structure the bytes of tags, VRs and lengths alone take every other value; the second look is then asked only
where the engine let something through, which is ten times as fast.

Exit 0 when nothing else happened and nothing planted survived; 1 with the places otherwise. A planted value that the
engine lets through and the second look stops is told apart: held is safe, but it should not happen.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from support.clearing import KEYS, End, cleared  # noqa: E402
from support.planted import ORIGINALS, VALUES, Needles  # noqa: E402

from confrere.core.deidentify import HEADERS, STRICT, deidentify_instance  # noqa: E402
from confrere.core.dicom.normalise import normalise  # noqa: E402
from confrere.core.dicom.walk import Element, walk, walk_file_meta  # noqa: E402
from confrere.core.terms import Held, Refused  # noqa: E402

VARIANTS = ("x01", "x80", "xff", "=00", "=ff", "+01", "-01", "x20")
CUTS = 200


@dataclass
class Tally:
    """How many ended how, and what should not have happened: never a value, only where."""

    ends: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    stopped_by_verify: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.ends += other.ends
        self.crashes += other.crashes
        self.leaks += other.leaks
        self.stopped_by_verify += other.stopped_by_verify


@dataclass(frozen=True)
class Ways:
    """How files are cleared; `pixels` are the original's, which need not be searched."""

    judges_pixels: bool
    engine_alone: bool
    pixels: bytes


# A file, what is done to it ("flip", "cut", "structure"), and where.
Job = tuple[str, str, list[int]]


@cache
def original(name: str) -> tuple[bytes, int]:
    """The planted file and where its pixel data element begins."""
    content = ORIGINALS[name]()
    return content, content.rindex(b"\xe0\x7f\x10\x00", 0, len(content) - 16)


def changed(byte: int, variant: str) -> int:
    """`byte` under a variant such as "x80" (exclusive or), "=ff" (set) or "+01" (add)."""
    operand = int(variant[1:], 16)
    answer = {"x": byte ^ operand, "=": operand, "+": byte + operand, "-": byte - operand}[variant[0]]
    return answer & 0xFF


def mutations(name: str, places: list[int]) -> Iterator[tuple[str, bytes]]:
    """(label, file) for every distinct change at `places`."""
    source, _ = original(name)
    for at in places:
        seen = {source[at]}
        for variant in VARIANTS:
            value = changed(source[at], variant)
            if value not in seen:
                seen.add(value)
                yield f"{name} {at} {variant}", source[:at] + bytes([value]) + source[at + 1 :]


def every_value(name: str, places: list[int]) -> Iterator[tuple[str, bytes]]:
    """(label, file) for each of the 255 other values of each byte at `places`."""
    source, _ = original(name)
    for at in places:
        for value in range(256):
            if value != source[at]:
                yield f"{name} {at} ={value:02x}", source[:at] + bytes([value]) + source[at + 1 :]


def structure(name: str) -> list[int]:
    """The offsets of every byte that is a tag, a VR or a length, at any depth."""
    source, _ = original(name)
    plain = normalise(source)
    meta = walk_file_meta(source, 132).elements
    return sorted(_heads((*meta, *walk(source, plain.start, implicit=plain.implicit).elements)))


def _heads(elements: tuple[Element, ...]) -> Iterator[int]:
    for element in elements:
        yield from range(element.start, element.value)
        at = element.value
        for item in element.items or ():
            yield from range(at, at + 8)
            yield from _heads(item.elements)
            at = max([at + 8, *(each.end for each in item.elements)])


def _engine_alone(original: bytes, *, judges_pixels: bool) -> End:
    try:
        done = deidentify_instance(original, keys=KEYS, profile=STRICT if judges_pixels else HEADERS)
    except (Refused, Held) as stop:
        return End("refused" if isinstance(stop, Refused) else "held", stop.code)
    return End("clean", "ok", bytes(done.content))


def judge(label: str, mutated: bytes, needles: Needles, tally: Tally, ways: Ways) -> None:
    """Clear one file and note how it ended."""
    try:
        end = (_engine_alone if ways.engine_alone else cleared)(mutated, judges_pixels=ways.judges_pixels)
        found = bool(end.engine_output) and bool(needles.found_in(end.engine_output.removesuffix(ways.pixels)))
        if found and ways.engine_alone:
            end = cleared(mutated, judges_pixels=ways.judges_pixels)
    except Exception as fault:  # noqa: BLE001  # exactly what this program looks for
        tally.crashes.append(f"{label}: {type(fault).__name__}")
        return
    tally.ends[f"{end.outcome} {end.reason}"] += 1
    if found:
        (tally.leaks if end.outcome == "clean" else tally.stopped_by_verify).append(label)


def work(judges_pixels: bool, job: Job) -> Tally:
    """One share of the flips or cuts."""
    name, kind, places = job
    source, start = original(name)
    needles, tally = Needles(VALUES.values()), Tally()
    after = len(VALUES["after the pixels"])
    pixels = source[start + 12 : -after]
    ways = Ways(judges_pixels, kind == "structure", pixels)
    if kind == "cut":
        files: Iterator[tuple[str, bytes]] = ((f"{name} cut {at}", source[:at]) for at in places)
    else:
        files = every_value(name, places) if kind == "structure" else mutations(name, places)
    for label, mutated in files:
        judge(label, mutated, needles, tally, ways)
    return tally


def structure_jobs(name: str) -> list[Job]:
    """The bytes of tags, VRs and lengths, in shares."""
    places = structure(name)
    return [(name, "structure", places[at : at + 20]) for at in range(0, len(places), 20)]


def jobs_for(name: str, pixels: int, seed: int) -> list[Job]:
    """Every byte of the header, the first of the pixels, a sample of the rest, and the cuts."""
    source, start = original(name)
    chance = random.Random(seed)
    places = [*range(start + 64), *sorted(chance.sample(range(start + 64, len(source)), pixels))]
    cuts = sorted(chance.sample(range(len(source)), CUTS))
    shares = [(name, "flip", places[at : at + 200]) for at in range(0, len(places), 200)]
    return [*shares, (name, "cut", cuts)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", default=",".join(ORIGINALS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pixels", type=int, default=400, help="how many bytes of the pixels to change")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--headers-profile", action="store_true", help="without judging the pixels")
    parser.add_argument("--structure", action="store_true", help="every value of every structural byte")
    asked = parser.parse_args()
    began, total = time.monotonic(), Tally()
    shares: list[Job] = []
    for name in asked.files.split(","):
        shares += structure_jobs(name) if asked.structure else jobs_for(name, asked.pixels, asked.seed)
    with ProcessPoolExecutor(asked.jobs) as pool:
        for tally in pool.map(partial(work, not asked.headers_profile), shares):
            total.add(tally)
    for end, count in total.ends.most_common():
        print(f"{count:7d}  {end}")
    for title, labels in (
        ("crashed", total.crashes),
        ("leaked", total.leaks),
        ("stopped by the second look only", total.stopped_by_verify),
    ):
        print(f"{title}: {len(labels)}")
        for label in labels[:200]:
            print(f"    {label}")
    print(f"{sum(total.ends.values())} files in {time.monotonic() - began:.0f} s")
    return 1 if total.crashes or total.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
