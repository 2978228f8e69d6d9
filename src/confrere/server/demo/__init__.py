"""The demo: made-up people, real images with made-up identities, sent through the same doors as any study."""

from confrere.server.demo.people import PASSWORD, PEOPLE, enrol, is_waiting

__all__ = ["PASSWORD", "PEOPLE", "enrol", "is_waiting"]
