"""The child side of the jail: builds its own walls, then answers requests on an inherited socket.

Run as a script by `jail.JailSession`, never imported by the product. Until the walls stand it uses the
standard library alone. What the kernel does not offer is left out and told to the parent.
"""

import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any  # Any: JSON of any shape goes through

_FRAME = struct.Struct(">QQ")
_HEADER_SLACK = 16 << 20
_COLLECT_AFTER = 50_000
_MOST_HANDLES = 253  # what Linux passes in one message

# Constants of the Linux interface (linux/sched.h, linux/prctl.h, linux/capability.h, linux/landlock.h).
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITY_VERSION_3 = 0x20080522
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_QUERY_VERSION = 1
_LANDLOCK_PATH_BENEATH = 1
_MAY_READ_FILE, _MAY_READ_FOLDER = 1 << 2, 1 << 3

Target = Callable[..., tuple[Any, Sequence[bytes]]]


def main(line: socket.socket) -> None:
    """Greet, build the walls, answer until the parent hangs up."""
    size, _ = _FRAME.unpack(_exactly(line, _FRAME.size))
    greeting = json.loads(_exactly(line, size))
    sys.path[:] = greeting["path"]
    walls = [_leave_network(), False, _drop_privileges(greeting["parent"])]
    for module in ["confrere.core.terms", *greeting["preload"]]:
        importlib.import_module(module)
    # What was imported stays: the collector need not look at it after every few hundred objects of a request.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    walls[1] = _leave_files()
    _set_limits(greeting["limits"])
    line.sendall(_FRAME.pack(sum(stands << bit for bit, stands in enumerate(walls)), 0))
    while True:
        frame, files, _, _ = socket.recv_fds(line, _FRAME.size, _MOST_HANDLES)
        if len(frame) < _FRAME.size or len(files) < 2:
            return
        header_size, cpu_s = _FRAME.unpack(frame)
        _allow_cpu(cpu_s)
        answered = _answer(files, header_size, greeting)
        for file in files:
            os.close(file)
        line.sendall(_FRAME.pack(answered, 0))


def _exactly(line: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = line.recv(count - len(parts))
        if not part:
            sys.exit(1)
        parts += part
    return bytes(parts)


# -- one request


def _answer(files: Sequence[int], header_size: int, greeting: Mapping[str, Any]) -> int:
    question, answer, *others = files
    try:
        header, parts = _call(question, others, header_size, greeting)
    except MemoryError:
        header, parts = b'{"stopped": "Refused", "code": "parser-stopped", "blobs": [], "dirty": true}', ()
    for part in (header, *parts):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(answer, rest) :]
    return len(header)


def _call(
    question: int, files: Sequence[int], header_size: int, greeting: Mapping[str, Any]
) -> tuple[bytes, Sequence[bytes]]:
    request = json.loads(os.pread(question, header_size, 0))
    blobs = []
    start = header_size
    for length in request["blobs"]:
        blobs.append(os.pread(question, length, start))
        start += length
    parts: Sequence[bytes] = ()
    try:
        target = _target(request["target"], greeting["prefix"])
        value, parts = target(blobs, request["args"], files) if files else target(blobs, request["args"])
        told = {"value": value, "blobs": [memoryview(part).nbytes for part in parts]}
        header = json.dumps(told, allow_nan=False).encode()
        if len(header) + sum(told["blobs"]) > greeting["limits"]["output_bytes"]:
            raise MemoryError
    except MemoryError:
        raise
    except BaseException as error:  # the border: nothing but a code may cross it
        header, parts = json.dumps(_stopped(error)).encode(), ()
    return header, parts


def _target(name: str, prefix: str) -> Target:
    module, _, function = name.partition(":")
    if not name.startswith(prefix):
        raise ImportError
    target: Target = getattr(importlib.import_module(module), function)
    return target


def _stopped(error: BaseException) -> dict[str, Any]:
    terms: Any = sys.modules["confrere.core.terms"]  # imported by path only after the walls
    if isinstance(error, terms.Refused | terms.Held):
        kind = "Refused" if isinstance(error, terms.Refused) else "Held"
        return {"stopped": kind, "code": error.code, "detail": error.detail, "blobs": []}
    if isinstance(error, terms.Broken):
        return {"stopped": "Broken", "detail": str(error), "retryable": error.retryable, "blobs": []}
    if isinstance(error, RecursionError):
        return {"stopped": "Refused", "code": "parser-stopped", "blobs": []}
    # The type's name alone: the message of a foreign exception may quote a value.
    return {"stopped": "Broken", "detail": f"jail: {type(error).__name__}", "retryable": False, "blobs": []}


# -- the walls


def _set_limits(limits: Mapping[str, int]) -> None:
    written = max(limits["output_bytes"] + _HEADER_SLACK, limits["file_bytes"])
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_NPROC, 0),  # no children, no threads (the kernel lets root pass)
    ):
        _, hard = resource.getrlimit(kind)
        bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bounded, bounded))


def _allow_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _leave_network() -> bool:
    """Move to a network of nothing but a loopback that is down."""
    libc = _libc()
    if libc is None:
        return False
    # A user namespace gives an ordinary user the right to the network one, and takes root's rights away.
    return any(int(libc.unshare(flags)) == 0 for flags in (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET))


def _drop_privileges(parent: int) -> bool:
    libc = _libc()
    if libc is None:
        return False
    # After the namespaces: the kernel forgets the parent-death signal when rights change.
    left = int(libc.capset((ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()))
    more = int(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before it could be noticed
        sys.exit(1)
    return left == more == 0


def _leave_files() -> bool:
    """Landlock: from here on only program files can be opened, for reading; no TCP; no signals outside."""
    libc = _libc()
    if libc is None:
        return False
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_QUERY_VERSION)
    if version < 1:
        return False
    rights = (1 << (13 + (version >= 2) + (version >= 3) + (version >= 5))) - 1
    network, scopes = 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0
    attributes = struct.pack("=QQQ", rights, network, scopes)[: 8 * (1 + (version >= 4) + (version >= 6))]
    rules = libc.syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return False
    for path in _program_paths():
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        may = _MAY_READ_FILE | (_MAY_READ_FOLDER if path.is_dir() else 0)
        libc.syscall(_LANDLOCK_ADD, rules, _LANDLOCK_PATH_BENEATH, struct.pack("=Qi", may, handle), 0)
        os.close(handle)
    stands = bool(libc.syscall(_LANDLOCK_RESTRICT, rules, 0) == 0)
    os.close(rules)
    return stands


def _program_paths() -> list[Path]:
    # Not all of sys.path: it may hold the folder the product was started in, with its own files beneath.
    packages = [entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    own = Path(__file__).resolve().parents[1]
    system = ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom"]
    wanted = [own, *map(Path, [sys.prefix, sys.base_prefix, *packages, *system])]
    return [path for path in dict.fromkeys(wanted) if path.exists() and path != Path("/")]


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
