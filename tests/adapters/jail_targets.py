"""What the jail's tests ask for inside it: honest work, and every kind of trouble."""

import ctypes
import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from confrere.core.terms import Broken, Held, Refused

Answer = tuple[Any, Sequence[bytes]]
Blobs = Sequence[bytes]
Args = Mapping[str, Any]


def echo(blobs: Blobs, args: Args) -> Answer:
    return {"args": dict(args), "lengths": [len(blob) for blob in blobs]}, blobs


def copy_file(_blobs: Blobs, args: Args, files: Sequence[int]) -> Answer:
    source, target = files
    content = os.pread(source, args.get("bytes", 1 << 20), 0)
    return {"written": os.write(target, content * args.get("times", 1)), "may_write_source": _may_write(source)}, []


def _may_write(handle: int) -> bool:
    try:
        os.write(handle, b"x")
    except OSError:
        return False
    return True


def refuse(_blobs: Blobs, _args: Args) -> Answer:
    raise Refused("truncated", "(7FE0,0010)")


def hold(_blobs: Blobs, _args: Args) -> Answer:
    raise Held("burned-in-text")


def break_down(_blobs: Blobs, args: Args) -> Answer:
    raise Broken("decoder gave up", retryable=args["retryable"])


def quote_a_value(_blobs: Blobs, _args: Args) -> Answer:
    sys.stderr.write("ZQXNAME on stderr\n")
    raise ValueError("ZQXNAME is not a date")


def recurse(blobs: Blobs, args: Args) -> Answer:
    return recurse(blobs, args)


def hog_memory(_blobs: Blobs, _args: Args) -> Answer:
    held = []
    while True:
        held.append(bytes(64 << 20))


def hog_cpu(_blobs: Blobs, _args: Args) -> Answer:
    while True:
        pass


def sleep(_blobs: Blobs, _args: Args) -> Answer:
    time.sleep(60)
    return None, ()


def leave(_blobs: Blobs, _args: Args) -> Answer:
    os._exit(0)


def leave_politely(_blobs: Blobs, _args: Args) -> Answer:
    sys.exit(0)


def crash(_blobs: Blobs, _args: Args) -> Answer:
    ctypes.string_at(0)
    return None, ()


def flood(_blobs: Blobs, args: Args) -> Answer:
    return None, [bytes(args["bytes"])]


def flood_the_answer_file(_blobs: Blobs, _args: Args) -> Answer:
    block = bytes(1 << 20)
    written = 0
    for descriptor in range(3, 32):
        try:
            while True:
                written += os.write(descriptor, block)
        except OSError:
            continue
    return written, ()


def lie_about_lengths(_blobs: Blobs, args: Args) -> Answer:
    """Answer by hand, as a child that was taken over would, then die without a word or with a false frame."""
    line = next(one for one in range(3, 32) if Path(f"/dev/fd/{one}").is_socket())
    os.write(line, bytes.fromhex(args["frame"]))
    os._exit(0)


def odd_value(_blobs: Blobs, args: Args) -> Answer:
    return {"nan": float("nan"), "set": {1}, "bytes": b"x"}[args["kind"]], ()


def connect(_blobs: Blobs, args: Args) -> Answer:
    with socket.socket() as line:
        line.settimeout(2)
        try:
            line.connect(("127.0.0.1", args["port"]))
        except OSError as error:
            return error.errno, ()
    return 0, ()


def send_datagram(_blobs: Blobs, args: Args) -> Answer:
    with socket.socket(type=socket.SOCK_DGRAM) as line:
        try:
            return line.sendto(b"x", ("127.0.0.1", args["port"])), ()
        except OSError:
            return 0, ()


def read(_blobs: Blobs, args: Args) -> Answer:
    try:
        return Path(args["path"]).read_text(), ()
    except OSError as error:
        return error.errno, ()


def write(_blobs: Blobs, args: Args) -> Answer:
    try:
        return Path(args["path"]).write_text("x"), ()
    except OSError as error:
        return error.errno, ()


def look_around(_blobs: Blobs, _args: Args) -> Answer:
    """The environment, the files held open, and whether a signal to the parent passes."""
    held = []
    for descriptor in range(64):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        held.append(descriptor)
    try:
        os.kill(os.getppid(), 0)
        signals = True
    except OSError:
        signals = False
    return {"environment": dict(os.environ), "open": held, "signals": signals}, ()


def own_pid(_blobs: Blobs, _args: Args) -> Answer:
    return os.getpid(), ()


def swell(_blobs: Blobs, args: Args) -> Answer:
    return len(b"x" * args["bytes"]), ()
