"""The figures of header de-identification, each with its bound: speed beside `cp`, memory, leaks, and the peers.

    .venv/bin/python benchmarks/deidentify.py                       everything, as the bounds are meant
    .venv/bin/python benchmarks/deidentify.py --only truth          one part: truth, speed, memory, peers
    .venv/bin/python benchmarks/deidentify.py --instances 200 --rounds 2      a quick look
    .venv/bin/python benchmarks/deidentify.py --only peers --write-docs       renew the table on the docs' page

Other tools are installed with pip into environments that are thrown away. Works below /dev/shm and below --disk
(default: beside this repository); needs 4 GiB there and removes everything.
"""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

import deid_memory  # noqa: E402
import deid_peers  # noqa: E402
import deid_speed  # noqa: E402
import deid_truth  # noqa: E402
from figures import ended, load, machine  # noqa: E402

from planted.corpus import Plan, make  # noqa: E402

PARTS = ("truth", "speed", "memory", "peers")
MEMORY = Path("/dev/shm")
SEED = 7


def corpus(folder: Path, instances: int, per_series: int) -> Path:
    """A corpus below `folder`."""
    make(folder, Plan(instances, per_series, SEED)).save(folder)
    return folder


def speed(args: argparse.Namespace, shm: Path, disk: Path) -> None:
    """Series of 50 and of 10 in memory, series of 50 on disk."""
    for name, per_series, where, bound in (
        ("tmpfs, series of 50", 50, shm, 1.5),
        ("tmpfs, series of 10", 10, shm, 2.2),
        ("disk, series of 50", 50, disk, 1.1),
    ):
        with tempfile.TemporaryDirectory(dir=where) as below:
            folder = corpus(Path(below) / "corpus", args.instances, per_series)
            setting = deid_speed.Setting(name, folder / "in", Path(below), bound, on_disk=where == disk)
            times = deid_speed.measure(setting, args.rounds)
            deid_speed.told(setting, times, args.instances)
            deid_speed.told_workers(setting, times)


def peers(args: argparse.Namespace, shm: Path) -> None:
    """Everyone on one corpus in memory."""
    folder = corpus(shm / "corpus", args.peer_instances, args.per_series)
    table = deid_peers.compare(folder, shm, args.rounds, tuple(sorted({1, deid_speed.CPUS})))
    if args.write_docs:
        deid_peers.write_page(table.markdown(deid_peers.engine_version()))


def options() -> argparse.ArgumentParser:
    """What can be chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be given again")
    parser.add_argument("--instances", type=int, default=2000, help="for speed")
    parser.add_argument("--truth-instances", type=int, default=400)
    fresh = secrets.randbelow(2**32)
    parser.add_argument("--seed", type=int, default=fresh, help="for truth; a new one each time, which is printed")
    parser.add_argument("--peer-instances", type=int, default=400)
    parser.add_argument("--per-series", type=int, default=50, help="for peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gib", type=float, default=2.0, help="size of the files for memory")
    parser.add_argument("--disk", type=Path, default=ROOT.parent, help="a folder on a real disk")
    parser.add_argument("--write-docs", action="store_true", help=f"renew {deid_peers.PAGE.name}")
    return parser


def main() -> int:
    """Run the parts asked for; exit 1 if a bound is not reached."""
    args = options().parse_args()
    parts = args.only or list(PARTS)
    print(f"{machine()}, {load()}", flush=True)
    with tempfile.TemporaryDirectory(dir=MEMORY) as one, tempfile.TemporaryDirectory(dir=args.disk) as other:
        shm, disk = Path(one), Path(other)
        if "truth" in parts:
            deid_truth.run(shm / "truth", Plan(args.truth_instances, 10, args.seed))
        if "speed" in parts:
            speed(args, shm, disk)
        if "memory" in parts:
            deid_memory.run(disk, args.gib)
        if "peers" in parts:
            peers(args, shm)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
