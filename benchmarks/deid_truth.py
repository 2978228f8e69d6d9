"""Whether what comes out is right: nothing planted survives, clinical elements and pixels do, others can read it."""

import subprocess
import sys
from pathlib import Path

from deid_ours import ENVIRON, command
from figures import tell

from planted.conformance import is_here, new_errors
from planted.corpus import Plan, make
from planted.edge import make_edge
from planted.leaks import Scanner, Tally
from planted.score import score_output

MIDI_BOUND = 99.99


def _command(source: Path, target: Path) -> None:
    words = [sys.executable, "-m", "confrere", *command(source, target)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=ENVIRON)
    # The last lines: what was held or refused and why, then the totals.
    for line in done.stdout.splitlines()[-20:] or [done.stderr[-300:]]:
        print(f"  {line}")


def _tell(name: str, tally: Tally) -> None:
    for line in tally.lines():
        print(f"  {line}")
    tell(f"{name}, leaks of {tally.planted.total()} planted", tally.leaks, "", 0)
    tell(f"{name}, clinical elements kept", 100 * tally.clinical_kept / tally.clinical_there, "%", 100, at_least=True)
    tell(f"{name}, pixels identical", tally.pixels_same, f"of {tally.files}", tally.files, at_least=True)
    tell(f"{name}, outputs pydicom cannot read", len(tally.unreadable), "", 0)
    tell(f"{name}, files without output", len(tally.missing), "", 0)


def run(folder: Path, plan: Plan) -> None:
    """Make a corpus and the edge set, de-identify them with the command, and look."""
    seed = plan.seed
    corpus = folder / "corpus"
    manifest = make(corpus, plan)
    make_edge(corpus, manifest)
    manifest.save(corpus)
    print(f"\nseed {seed}: {len(manifest.files)} instances, {len(manifest.edge)} of the edge set")
    for name, source in (("corpus", "in"), ("edge set", "edge")):
        target = folder / f"out-{source}"
        _command(corpus / source, target)
        scanner = Scanner(corpus, edge=source == "edge")
        _tell(name, scanner.scan(target))
        if is_here():
            # Two of a series say what its header is worth; the edge set goes whole.
            chosen = [path for path in scanner.paths if source == "edge" or path.endswith(("I00000.dcm", "I00001.dcm"))]
            pairs = [(scanner.source / path, target / path) for path in chosen if (target / path).exists()]
            found = new_errors(pairs)
            for error, count in found.most_common(10):
                print(f"  dciodvfy: {error} x{count}")
            tell(f"{name}, errors dciodvfy finds that the input had not", found.total(), f"in {len(pairs)}", 0)
        else:
            print("dciodvfy is not installed (Debian's package dicom3tools): NOT REACHED")
    score = score_output(corpus, folder / "out-in", folder / "answer-key")
    for line in score.lines():
        print(f"  {line}")
    tell("MIDI-B actions correct", score.percent, "%", MIDI_BOUND, at_least=True)
