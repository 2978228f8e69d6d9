"""Run the conveyor: started by `up`, or alone on a second machine."""

import argparse
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from types import FrameType

from confrere.server.configuration import read_configuration
from confrere.server.prepare import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: everything comes from the environment."""


def make_executor() -> Executor:
    """A fresh pool of worker processes on this machine."""
    from confrere.conveyor import worker_count

    # spawn: a worker must not inherit database connections.
    return ProcessPoolExecutor(max_workers=worker_count(), mp_context=get_context("spawn"))


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    configuration = read_configuration()
    start_django(configuration)
    from confrere.adapters.heartbeat import beat
    from confrere.adapters.objects import ObjectStore
    from confrere.conveyor import Conveyor

    # What a write that was killed left behind; nothing names it.
    ObjectStore.open(configuration.objects).sweep()
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    Conveyor(make_executor).run(stop, lambda: beat(configuration.run, "conveyor"))
    return 0
