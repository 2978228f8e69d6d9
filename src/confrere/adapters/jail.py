"""The jail: whatever parses bytes from outside runs in a limited child process, never in ours.

One session serves one intake, or the own archive of one institution: a child that a hostile file has taken over
may lie about the files after it, so no session may ever be shared between senders.
Source: OWASP ASVS 5.0, 15.2.5 (isolate risky components).
"""

import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from confrere.core.terms import REASONS, Broken, Held, Refused

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]

TARGET_PREFIX = "confrere."
"""Only functions of this package may be asked for."""

MOST_FILES = 240
"""How many descriptors one request may carry (Linux passes 253 in one message)."""

_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
_START_S = 30.0
_MAX_HEADER = 16 << 20
_FRAME = struct.Struct(">QQ")
_CHILD = Path(__file__).with_name("jail_child.py")
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may use; `memory_bytes` is address space, so the interpreter counts too.

    `output_bytes` bounds the answer, `file_bytes` what is written to any one file that was handed in.
    """

    wall_s: float = 20.0
    cpu_s: int = 20
    memory_bytes: int = 1 << 30
    output_bytes: int = 512 << 20
    open_files: int = 32
    file_bytes: int = 0


@dataclass(frozen=True, slots=True)
class JailResult:
    """What the target gave: a JSON value, blobs, and the child's peak resident memory so far (0: unknown)."""

    value: Json
    blobs: tuple[bytes, ...]
    peak_rss_bytes: int


def run_jailed(
    target: str,
    *,
    blobs: Sequence[bytes] = (),
    args: Mapping[str, Json] | None = None,
    limits: Limits | None = None,
) -> JailResult:
    """One request in a child of its own; see `JailSession.run`."""
    _check_target(target)
    with JailSession(limits, preload=[target.partition(":")[0]]) as session:
        return session.run(target, blobs=blobs, args=args)


class JailSession:
    """A limited child that answers one request after another, and is replaced when it dies.

    Belongs to the thread that opened it: the kernel ends the child together with that thread.
    `preload` names modules to import at the start, before the walls, so that no request waits for them.
    """

    def __init__(self, limits: Limits | None = None, *, preload: Sequence[str] = ()) -> None:
        self._limits = limits or Limits()
        self._preload = tuple(preload)
        self._child: _Child | None = None
        self._isolation: Mapping[str, bool] = {}

    def __enter__(self) -> Self:
        self._child = _Child(self._limits, self._preload)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_child()

    @property
    def isolation(self) -> Mapping[str, bool]:
        """Which walls this machine gave (`network`, `files`, `privileges`); known after the first request."""
        return self._isolation

    def run(
        self,
        target: str,
        *,
        blobs: Sequence[bytes] = (),
        args: Mapping[str, Json] | None = None,
        files: Sequence[int] = (),
        wall_s: float | None = None,
    ) -> JailResult:
        """Call `target` ("module:function") as `function(blobs, args) -> (value, blobs)` inside the child.

        `files` are descriptors of ours, at most MOST_FILES; the child gets copies with the same rights and no way to
        open another, and the function is called with them as its third argument.

        Refused, Held and Broken raised there arrive here as they are. Any other exception arrives as Broken
        with its type's name alone. A child that dies, hangs or outgrows its limits raises
        Refused("parser-stopped"), and the next request gets a new child.
        """
        _check_target(target)
        if len(files) > MOST_FILES:
            raise Broken("jail: too many files for one request", retryable=False)
        limits = self._limits if wall_s is None else replace(self._limits, wall_s=wall_s)
        with _memory_file() as question, _memory_file() as answer:
            header_size = _write_question(question, target, blobs, args or {})
            child = self._ready_child()
            try:
                handles = [question.fileno(), answer.fileno(), *files]
                answered = child.ask(handles, header_size, limits)
                header, found = _read_answer(answer, answered, limits)
                peak = child.peak_rss_bytes()
            except BaseException:
                self._end_child()
                raise
        if header.get("dirty"):
            self._end_child()
        return JailResult(_value_or_raise(header), found, peak)

    def _ready_child(self) -> "_Child":
        if self._child is None or self._child.has_ended():
            self._end_child()
            self._child = _Child(self._limits, self._preload)
        if not self._child.isolation:
            try:
                self._child.wait_until_ready()
            except BaseException:
                self._end_child()
                raise
            self._isolation = self._child.isolation
        return self._child

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """The process and our end of its line."""

    def __init__(self, limits: Limits, preload: Sequence[str]) -> None:
        self.isolation: Mapping[str, bool] = {}
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", str(_CHILD), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a native library's complaint could quote what it reads
                env=_ENVIRONMENT,
                cwd="/",
                process_group=0,  # Ctrl-C at a terminal is for us: the child ends when we hang up
                pass_fds=(theirs.fileno(),),
            )
        greeting = {
            "path": [entry for entry in sys.path if Path(entry).is_absolute()],
            "preload": list(preload),
            "prefix": TARGET_PREFIX,
            "parent": os.getpid(),
            "limits": asdict(limits),
        }
        body = json.dumps(greeting).encode()
        with suppress(OSError):  # a child that died at once is noticed when it is waited for
            self._line.sendall(_FRAME.pack(len(body), 0) + body)

    def wait_until_ready(self) -> None:
        """Raises Broken where the child does not start."""
        try:
            flags, _ = self._receive(time.monotonic() + _START_S)
        except _LineEnded:
            raise Broken("jail: the child did not start", retryable=True) from None
        self.isolation = {name: bool(flags >> bit & 1) for bit, name in enumerate(("network", "files", "privileges"))}

    def ask(self, handles: Sequence[int], header_size: int, limits: Limits) -> int:
        """Hand over question, answer and other files, wait until the answer is written; its header's size."""
        deadline = time.monotonic() + limits.wall_s
        try:
            self._line.settimeout(limits.wall_s)
            socket.send_fds(self._line, [_FRAME.pack(header_size, limits.cpu_s)], handles)
            return self._receive(deadline)[0]
        except (_LineEnded, OSError):
            raise Refused("parser-stopped") from None

    def _receive(self, deadline: float) -> tuple[int, int]:
        frame = b""
        while len(frame) < _FRAME.size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise _LineEnded
            self._line.settimeout(left)
            try:
                part = self._line.recv(_FRAME.size - len(frame))
            except OSError:
                raise _LineEnded from None
            if not part:
                raise _LineEnded
            frame += part
        first, second = _FRAME.unpack(frame)
        return first, second

    def peak_rss_bytes(self) -> int:
        """The high-water mark of the child's resident memory; 0 where the system does not tell."""
        with suppress(OSError, ValueError, IndexError):
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
            return int(status.partition("VmHWM:")[2].split()[0]) * 1024
        return 0

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        """Kill and reap; the child holds nothing that is worth a farewell."""
        self._line.close()
        self._process.kill()
        self._process.wait()


class _LineEnded(Exception):
    """The child said nothing more: dead, killed or out of time."""


def _check_target(target: str) -> None:
    if not _TARGET.fullmatch(target) or not target.startswith(TARGET_PREFIX):
        raise Broken("jail: target is not allowed", retryable=False)


def _memory_file() -> FileIO:
    if hasattr(os, "memfd_create"):
        return FileIO(os.memfd_create("jail", os.MFD_CLOEXEC), "r+")
    # Not Linux: an unnamed file stands in.
    with tempfile.TemporaryFile(buffering=0) as file:
        return FileIO(os.dup(file.fileno()), "r+")


def _write_question(file: FileIO, target: str, blobs: Sequence[bytes], args: Mapping[str, Json]) -> int:
    header = json.dumps({"target": target, "args": args, "blobs": [len(blob) for blob in blobs]}).encode()
    for part in (header, *blobs):
        rest = memoryview(part)
        while rest:
            rest = rest[file.write(rest) :]
    return len(header)


def _read_answer(file: FileIO, header_size: int, limits: Limits) -> tuple[Mapping[str, Json], tuple[bytes, ...]]:
    # INVARIANT: the child may be hostile, so nothing it wrote is believed before it is measured.
    size = os.fstat(file.fileno()).st_size
    if not 0 < header_size <= min(_MAX_HEADER, size) or size - header_size > limits.output_bytes:
        raise Refused("parser-stopped")
    try:
        header = json.loads(os.pread(file.fileno(), header_size, 0))
        lengths = header["blobs"]
        if any(type(length) is not int or length < 0 for length in lengths):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Broken("jail: unreadable answer", retryable=False) from None
    found = []
    start = header_size
    for length in lengths:
        if start + length > size:
            raise Broken("jail: unreadable answer", retryable=False)
        found.append(os.pread(file.fileno(), length, start))
        start += length
    return header, tuple(found)


def _value_or_raise(header: Mapping[str, Json]) -> Json:
    kind, code, detail = (str(header.get(name, ""))[:200] for name in ("stopped", "code", "detail"))
    if not kind:
        return header.get("value")
    if kind in ("Refused", "Held") and code in REASONS:
        raise (Refused if kind == "Refused" else Held)(code, detail)
    raise Broken(detail or "jail: unreadable answer", retryable=header.get("retryable") is True)
