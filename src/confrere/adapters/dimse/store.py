"""One association's C-STORE requests: checked, made into Part 10 bytes, handed to the sink, answered.

Source: PS3.4 table B.2-1 (C-STORE statuses).
"""

import errno
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from confrere.adapters.dimse.part10 import build_part10, check_announced, check_uid
from confrere.adapters.dimse.sink import AssociationSink, InstanceSink
from confrere.core.terms import Broken, Held, Refused

if TYPE_CHECKING:
    from io import BytesIO

    from pynetdicom.dimse_primitives import C_STORE
    from pynetdicom.events import Event

LOGGER = logging.getLogger(__name__)

SUCCESS = 0x0000
OUT_OF_RESOURCES = 0xA700
DATA_SET_DOES_NOT_MATCH = 0xA900
CANNOT_UNDERSTAND = 0xC000
TURNED_AWAY = 0xC001

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE))


class StoreSession:
    """Answers the C-STORE requests of one association.

    INVARIANT: `answer_store` and `end` never run at the same time: the first runs in the association's
    thread, the second after that thread has ended.
    """

    def __init__(self, sink: InstanceSink, peer_ae: str, address: str, refused: Callable[[str], None]) -> None:
        self._sink = sink
        self._peer_ae = peer_ae
        self._address = address
        self._refused = refused
        self._open: AssociationSink | None = None
        self.stored = 0
        self.failed = 0

    def answer_store(self, event: "Event") -> int:
        """Return the status for the sender. Never raises: the association goes on with the next instance."""
        try:
            status = self._store(event)
        # Broad on purpose: this is the DIMSE border. The error's text may quote the data set: it stays here.
        except Exception as error:
            status = self._status_for(error)
        if status == SUCCESS:
            self.stored += 1
        else:
            self.failed += 1
        return status

    def _store(self, event: "Event") -> int:
        request = cast("C_STORE", event.request)
        sop_class_uid = check_uid(str(request.AffectedSOPClassUID))
        sop_instance_uid = check_uid(str(request.AffectedSOPInstanceUID))
        transfer_syntax_uid = str(event.context.transfer_syntax)
        with cast("BytesIO", request.DataSet).getbuffer() as data_set:
            check_announced(
                data_set,
                sop_class_uid=sop_class_uid,
                sop_instance_uid=sop_instance_uid,
                transfer_syntax_uid=transfer_syntax_uid,
            )
            part10 = build_part10(sop_class_uid, sop_instance_uid, transfer_syntax_uid, data_set)
        # pynetdicom's copy goes before the sink may take its time.
        request.DataSet = None
        if self._open is None:
            self._open = self._sink.opened(self._peer_ae, self._address)
        status = self._open.store(
            sop_class_uid=sop_class_uid,
            sop_instance_uid=sop_instance_uid,
            transfer_syntax_uid=transfer_syntax_uid,
            dataset=part10,
        )
        if not 0 <= status <= 0xFFFF:
            raise Broken("the sink gave no DIMSE status", retryable=False)
        return status

    def _status_for(self, error: Exception) -> int:
        if isinstance(error, Refused | Held):
            self._refused(error.code)
            return {"uid-mismatch": DATA_SET_DOES_NOT_MATCH, "syntax-mismatch": CANNOT_UNDERSTAND}.get(
                error.code, TURNED_AWAY
            )
        LOGGER.error("an instance could not be kept: %s", type(error).__name__)
        try_again = (
            isinstance(error, MemoryError)
            or (isinstance(error, Broken) and error.retryable)
            or (isinstance(error, OSError) and error.errno in _FULL)
        )
        return OUT_OF_RESOURCES if try_again else CANNOT_UNDERSTAND

    def end(self, *, released: bool) -> None:
        """Tell the sink how the association ended, if it ever heard of it."""
        if self._open is None:
            return
        try:
            if released:
                self._open.released()
            else:
                self._open.aborted()
        except Exception as error:
            LOGGER.error("the end of an association could not be noted: %s", type(error).__name__)
