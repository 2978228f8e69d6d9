"""A jail for each thread that does batches, kept from batch to batch: starting one takes as long as many files.

Source: docs/explanation/flow.md, who holds what.
"""

import threading

from confrere.adapters.jail import JailSession, Limits

_OF_THREAD = threading.local()


def jail_of_thread(owner: bytes, target: str, limits: Limits) -> JailSession:
    """This thread's jail for `target` ("module:function"), which belongs to `owner`; another owner gets a new child.

    A batch command reads one institution's own archive, so one child may serve all its batches. A jail belongs to its
    thread, as the kernel ends the child together with the thread that made it.
    """
    wanted = (owner, target, limits)
    held: tuple[tuple[bytes, str, Limits], JailSession] | None = getattr(_OF_THREAD, "held", None)
    if held is not None and held[0] == wanted:
        return held[1]
    if held is not None:
        held[1].__exit__(None, None, None)
    jail = JailSession(limits, preload=(target.partition(":")[0],)).__enter__()
    _OF_THREAD.held = wanted, jail
    return jail
