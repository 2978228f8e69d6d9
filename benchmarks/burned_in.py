"""Burned-in text: how much of it is found and covered, what that costs, and the same pictures given to other tools.

Times are processor time, so that a busy machine does not spoil the ratios.
Run: .venv/bin/python benchmarks/burned_in.py DATA [--only pictures,deep,…] [--seed N] [--scripts more]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("", "src")]

import numpy as np  # noqa: E402
from benchmarks import burned_bases, burned_stacks  # noqa: E402
from benchmarks.burned_sets import SCRIPTS, Fonts, Made, Maker  # noqa: E402
from benchmarks.figures import ended, load, machine, tell  # noqa: E402
from PIL import Image  # noqa: E402

from confrere.adapters.text_detector import first_detector, second_detector  # noqa: E402
from confrere.core.pixels.boxes import mask_of  # noqa: E402
from confrere.core.pixels.detect import find_lines  # noqa: E402
from confrere.core.pixels.regions import Box  # noqa: E402
from confrere.core.pixels.tiers import Tier, text_regions  # noqa: E402
from confrere.core.verify.pixel_text import text_left_in  # noqa: E402

PARTS = ("pictures", "deep", "stacks", "second", "cost", "peers")
_FOUND, _FULL = 0.5, 0.99
SLICES_FOR_PEERS = 4


@dataclass(frozen=True, slots=True)
class Stack:
    """A `FrameSource` of an array."""

    values: np.ndarray
    shown: tuple[Box, ...] = ()

    @property
    def count(self) -> int:
        """How many frames."""
        return len(self.values)

    def frame(self, index: int) -> np.ndarray:
        """One of them."""
        return self.values[index]


def mask_for(picture: np.ndarray) -> np.ndarray:
    return mask_of([box for hit in find_lines(picture, first_detector()) for box in hit.boxes], picture.shape)


def share(covers: Sequence[float], at_least: float) -> float:
    return 100.0 * sum(cover >= at_least for cover in covers) / max(1, len(covers))


def pictures(made: Sequence[Made]) -> list[np.ndarray]:
    """Tell how much is found and covered; the masks."""
    masks = [mask_for(one.picture) for one in made]
    covers: dict[str, list[float]] = {"latin": [], "indic": [], "phone": []}
    clean = []
    for one, mask in zip(made, masks, strict=True):
        clean += [float(mask.mean())] if one.kind == "clean" else []
        for string in one.strings:
            covers[one.kind].append(float(mask[string.ink].mean()))
    written = covers["latin"] + covers["indic"]
    everything = written + covers["phone"]
    print(f"{len(made)} pictures, {len(everything)} strings that show")
    tell("strings found, Latin and Indian scripts", share(written, _FOUND), "%", 99, at_least=True)
    tell("  of them Latin", share(covers["latin"], _FOUND), "%")
    tell("  of them Indian scripts", share(covers["indic"], _FOUND), "%")
    tell("strings found, phone photographs of a monitor", share(covers["phone"], _FOUND), "%", 95, at_least=True)
    tell("strings fully covered", share(everything, _FULL), "%", 97, at_least=True)
    tell("masked area of text-free pictures", 100 * float(np.mean(clean)), "%", 2)
    return masks


def deep(folder: burned_bases.Folder, fonts: Fonts) -> None:
    covers, unseen = [], 0
    for name, picture in burned_bases.deep(folder).items():
        for _, burned, inks in burned_stacks.stored(picture, name, fonts):
            mask = mask_for(burned)
            for ink in inks:
                unseen += not ink.any()
                covers += [float(mask[ink].mean())] if ink.any() else []
    found = sum(cover >= _FOUND for cover in covers)
    tell(
        "16-bit set: strings found",
        found,
        f"of {len(covers)} that differ from their ground",
        len(covers),
        at_least=True,
    )
    print(f"  {unseen} more equal their ground, cell for cell: there is nothing to find")


def stacks(folder: burned_bases.Folder, fonts: Fonts) -> None:
    whole = found = 0
    inked: list[float] = []
    for number, (name, stack) in enumerate(burned_bases.stacks(folder)):
        quiet = text_regions(Stack(stack), Tier.STACK, first_detector())
        area = np.mean(
            [mask_of([r.box for r in quiet if r.is_on(n)], stack[0].shape).mean() for n in range(len(stack))]
        )
        print(f"{name}: without text {len(quiet)} regions, {100 * area:.2f} % masked")
        for stamp in burned_stacks.scenarios(stack, fonts, few=number in {0, 4}):
            first, last = min(stamp.ink), max(stamp.ink)
            start, stop = first // 16 * 16, min(len(stack), last // 16 * 16 + 16)
            regions = text_regions(Stack(stamp.stack[start:stop]), Tier.STACK, first_detector())
            covers = []
            for frame, ink in stamp.ink.items():
                if ink.sum() >= 10:
                    mask = mask_of([r.box for r in regions if r.is_on(frame - start)], ink.shape)
                    covers.append(float(mask[ink].mean()))
            if not covers:
                continue
            whole, found = whole + 1, found + (min(covers) >= _FOUND)
            inked.append(float(np.mean(covers)))
            if min(covers) < _FULL:
                print(f"  {stamp.name}: {100 * min(covers):.0f} % of ink on the worst slice")
    tell("stacks: scenarios found", found, f"of {whole}", whole, at_least=True)
    tell("stacks: ink covered", 100 * float(np.mean(inked)), "%", 100, at_least=True)


def second(made: Sequence[Made], masks: Sequence[np.ndarray]) -> None:
    """What the second look says of the pictures as they came, and of the same ones masked."""
    sight = second_detector()
    seen: dict[str, list[bool]] = {"clean": [], "text": [], "masked": []}
    for one, mask in zip(made, masks, strict=True):
        plain = any(text_left_in([one.picture], sight, alone=True))
        seen["clean" if one.kind == "clean" else "text"].append(plain)
        covered = one.picture.copy()
        covered[mask] = 0
        seen["masked"].append(any(text_left_in([covered], sight, alone=True)))
    for name, label in (("text", "with text are seen"), ("clean", "without text alarm"), ("masked", "masked alarm")):
        print(f"second look: {sum(seen[name])} of {len(seen[name])} pictures {label}")


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def cost(folder: burned_bases.Folder) -> None:
    detector = first_detector()
    stack = np.ascontiguousarray(folder.head_ct())
    mask_for(stack[50])
    every = timed(lambda: [find_lines(frame, detector) for frame in stack])
    thorough = timed(lambda: text_regions(Stack(stack), Tier.STACK, detector))
    preview = timed(lambda: text_regions(Stack(stack), Tier.PREVIEW, detector))
    print(f"a CT of 108 slices of 256 x 256, 16 bits, one core: every slice {every:.1f} s, thorough {thorough:.2f} s")
    tell("thorough tier cheaper than every slice", every / thorough, "times", 10, at_least=True)
    tell("preview of a CT of 108 slices ready", preview, "s", 3)
    large = np.stack([burned_bases.squared(burned_bases.windowed(one, 40, 200)) for one in stack])
    again = timed(lambda: text_regions(Stack(large), Tier.STACK, detector))
    print(f"the same slices at 512 x 512, 8 bits: thorough {again:.2f} s")


def peers(folder: burned_bases.Folder, made: Sequence[Made], masks: Sequence[np.ndarray], python: str) -> None:
    """presidio-image-redactor on the same slices and on a sample of the same pictures, in its own interpreter."""
    stack = np.stack([burned_bases.windowed(one, 40, 200) for one in folder.head_ct()])
    sample = [number for number, one in enumerate(made) if one.kind != "clean"][::6]
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for number, one in enumerate(stack):
            if number % SLICES_FOR_PEERS == 0:  # a fourth of them: its time is the same for each
                Image.fromarray(one).save(home / f"slice{number:03d}.png")
        for number in sample:
            Image.fromarray(made[number].picture).save(home / f"made{number:03d}.png")
        program = Path(__file__).with_name("burned_peers.py")
        answer = json.loads(subprocess.run([python, program, home], check=True, capture_output=True).stdout)
    detector = first_detector()
    ours = timed(lambda: text_regions(Stack(stack), Tier.STACK, detector))
    theirs = answer["seconds_slices"] * SLICES_FOR_PEERS
    ours_each = timed(lambda: [mask_for(made[number].picture) for number in sample])
    print(f"108 slices of 256 x 256: presidio {theirs:.1f} s (every fourth measured), ours {ours:.2f} s")
    tell("faster than presidio-image-redactor on the same 108 slices", theirs / ours, "times", 20, at_least=True)
    tell("faster than it on single pictures", answer["seconds_made"] / ours_each, "times")
    for label, boxes in (("presidio-image-redactor", answer["boxes"]), ("its Tesseract, all words", answer["words"])):
        covers = []
        for number in sample:
            mask = np.zeros(made[number].picture.shape[:2], bool)
            for left, top, width, height in boxes[f"made{number:03d}"]:
                mask[top : top + height, left : left + width] = True
            covers += [float(mask[string.ink].mean()) for string in made[number].strings]
        print(f"{label}: found {share(covers, _FOUND):.1f} %, fully covered {share(covers, _FULL):.1f} %")
    own = [float(masks[number][string.ink].mean()) for number in sample for string in made[number].strings]
    print(f"Confrere on the same: found {share(own, _FOUND):.1f} %, fully covered {share(own, _FULL):.1f} %")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the unpacked packages, see benchmarks/README.md")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scripts", choices=("three", "more"), default="three")
    parser.add_argument("--presidio", help="python of an environment with presidio-image-redactor and deid")
    asked = parser.parse_args()
    wanted = set(asked.only.split(","))
    print(f"{machine()}; {load()}")
    folder, fonts = burned_bases.Folder(asked.data), Fonts(asked.data)
    scripts = list(SCRIPTS)[:3] if asked.scripts == "three" else list(SCRIPTS)[3:]
    needs_pictures = wanted & {"pictures", "second", "peers"}
    made = Maker(fonts, asked.seed, scripts).whole(burned_bases.pictures(folder)) if needs_pictures else []
    masks = pictures(made) if needs_pictures else []
    if "deep" in wanted:
        deep(folder, fonts)
    if "stacks" in wanted:
        stacks(folder, fonts)
    if "second" in wanted:
        second(made, masks)
    if "cost" in wanted:
        cost(folder)
    if "peers" in wanted and asked.presidio:
        peers(folder, made, masks, asked.presidio)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
