"""Run the C-STORE node: its own process, AE title CONFRERE, loopback unless configured."""

import argparse
import signal
import threading
from types import FrameType

from confrere.server.configuration import read_configuration
from confrere.server.prepare import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: everything comes from the environment."""


def run(args: argparse.Namespace) -> int:
    """Listen until told to stop."""
    configuration = read_configuration()
    start_django(configuration)
    from confrere.adapters.dimse import NodeSettings, serve
    from confrere.adapters.heartbeat import beat
    from confrere.apps.intake.doors.dicom_node import IntakeSink, allowed_peers, close_left_open

    close_left_open()
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    told = NodeSettings(peers=allowed_peers, host=configuration.dicom_host, port=configuration.dicom_port)
    node = serve(told, IntakeSink())
    try:
        while not stop.is_set():
            beat(configuration.run, "dicom-node")
            stop.wait(2.0)
    finally:
        node.stop()
    return 0
