"""Peak memory of a worker and of its jail on one very large file: native and encapsulated frames of two gibibytes."""

import struct
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import pydicom
from deid_ours import ENVIRON, command
from figures import children, peak_mib, tell
from pydicom.encaps import generate_frames

from planted.corpus import CT, file_bytes, instances, read_base
from planted.people import Patient
from planted.values import Values

BOUND_MIB = 200
GIB = 1 << 30
FRAME = 512 * 512 * 2
_PIXEL_DATA = struct.pack("<HH2sH", 0x7FE0, 0x0010, b"OW", 0)
_ENCAPSULATED = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)
_ITEM = 0xFFFEE000
LOSSLESS = "JPEG-LL.dcm"


def _head(base: str, size: int | None, frames: int) -> bytes:
    """A planted header up to where PixelData would begin."""
    pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
    ds = next(instances(Patient("P0000", Values(2)), read_base(base), 1, 0))
    ds.NumberOfFrames = frames
    if size is not None:
        ds.Rows = ds.Columns = size
    for keyword in ("PixelData", "DataSetTrailingPadding"):
        del ds[keyword]
    return file_bytes(ds)


def native_file(path: Path, gib: float) -> None:
    """A multi-frame CT of that many GiB; the frames are a hole in the file."""
    frames = int(gib * GIB) // FRAME
    with path.open("wb") as out:
        out.write(_head(CT, 512, frames) + _PIXEL_DATA + struct.pack("<L", frames * FRAME))
        out.truncate(out.tell() + frames * FRAME)


def encapsulated_file(path: Path, gib: float) -> None:
    """A multi-frame of that many GiB in JPEG Lossless: one real frame, again and again."""
    frame = next(generate_frames(read_base(LOSSLESS).PixelData, number_of_frames=1))
    item = struct.pack("<HHL", _ITEM >> 16, _ITEM & 0xFFFF, len(frame)) + frame
    frames = int(gib * GIB) // len(item)
    with path.open("wb") as out:
        out.write(_head(LOSSLESS, None, frames) + _ENCAPSULATED + struct.pack("<HHL", 0xFFFE, 0xE000, 0))
        for _ in range(frames):
            out.write(item)
        out.write(struct.pack("<HHL", 0xFFFE, 0xE0DD, 0))


def _memory_files_mib() -> float:
    """What lies in memory files and on tmpfs, machine-wide: a copy in a memory file is in nobody's resident memory."""
    line = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("Shmem:"))
    return int(line.split()[1]) / 1024


def _watch(root: int, peaks: dict[str, float], stop: threading.Event) -> None:
    """Note the peaks of the process, of its workers and of the jails, told apart by their command lines."""
    before = _memory_files_mib()
    while not stop.wait(0.02):
        peaks["memory files"] = max(peaks["memory files"], _memory_files_mib() - before)
        reached = [root]
        for pid in reached:
            reached += children(pid)
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            part = "jail" if b"jail_child" in words else "worker"
            peaks[part] = max(peaks[part], peak_mib(pid))


def measure(name: str, path: Path, folder: Path) -> None:
    """De-identify the one file with the command and tell what it took."""
    target = folder / "out"
    peaks: dict[str, float] = defaultdict(float)
    stop, started = threading.Event(), time.perf_counter()
    words = [sys.executable, "-m", "confrere", *command(path, target, 1)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRON) as process:
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, stop))
        watcher.start()
        said = process.communicate()[0]
        stop.set()
        watcher.join()
    print(f"\n{name}: {path.stat().st_size / GIB:.2f} GiB in {time.perf_counter() - started:.1f} s")
    print("\n".join(f"  {line[:160]}" for line in said.splitlines()[-3:]))
    written = [file for file in target.rglob("*") if file.is_file() and file.stat().st_size > 0.9 * path.stat().st_size]
    tell(f"{name}, cleaned and written", len(written), "file", 1, at_least=True)
    # Machine-wide, so another program may have its share in it.
    tell(f"{name}, peak growth of memory files on this machine", peaks["memory files"], "MiB")
    for part in ("worker", "jail"):
        tell(f"{name}, peak memory of the {part}", peaks[part], "MiB", BOUND_MIB)


def run(folder: Path, gib: float) -> None:
    """Both files, one after the other, each removed before the next."""
    for name, make in (("native multi-frame", native_file), ("encapsulated multi-frame", encapsulated_file)):
        below = folder / name.split()[0]
        below.mkdir()
        path = below / "large.dcm"
        make(path, gib)
        measure(name, path, below)
        subprocess.run(["rm", "-rf", str(below)], check=True)
