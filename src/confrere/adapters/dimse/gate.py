"""The gate before pynetdicom: reads the frame of each PDU and lets no more through than a store door needs.

pynetdicom believes any PDU length, gathers any number of fragments and starts a thread for some requests; so
every PDU is weighed here first. Pure: bytes in, Refused out.
Source: PS3.8 section 9.3 (PDUs) and annex E (message control header); PS3.7 annex E (command elements).
"""

import struct
from dataclasses import dataclass
from enum import Enum, auto

from confrere.adapters.dimse.settings import Limits
from confrere.core.terms import Refused

HEADER_BYTES = 6

# PDU types, PS3.8 table 9-11 ff.
A_ASSOCIATE_RQ = 0x01
P_DATA_TF = 0x04
A_RELEASE_RQ = 0x05
A_ABORT = 0x07

# Command elements of group 0000 and their values, PS3.7 tables E.1-1 and 9.3-1.
AFFECTED_SOP_CLASS_UID = 0x0002
COMMAND_FIELD = 0x0100
MESSAGE_ID = 0x0110
PRIORITY = 0x0700
COMMAND_DATA_SET_TYPE = 0x0800
AFFECTED_SOP_INSTANCE_UID = 0x1000
C_STORE_RQ = 0x0001
C_ECHO_RQ = 0x0030
NO_DATA_SET = 0x0101

_NEEDED = {
    C_STORE_RQ: (AFFECTED_SOP_CLASS_UID, MESSAGE_ID, PRIORITY, AFFECTED_SOP_INSTANCE_UID),
    C_ECHO_RQ: (AFFECTED_SOP_CLASS_UID, MESSAGE_ID),
}

# Real senders fill their PDUs; a message cut into crumbs only burns our processor.
_FREE_FRAGMENTS = 4096
_LEAST_MEAN_FRAGMENT_BYTES = 1024


class _Stage(Enum):
    STRANGER = auto()
    COMMAND = auto()
    DATA_SET = auto()
    OWED = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """The one fact of a command set the gate needs."""

    has_data_set: bool


def read_command(encoded: bytes) -> Command:
    """Return what the command set announces; Refused unless it is a complete C-STORE-RQ or C-ECHO-RQ."""
    values: dict[int, bytes] = {}
    at = 0
    while at < len(encoded):
        if len(encoded) - at < 8:
            raise Refused("pdu-malformed")
        group, element, length = struct.unpack_from("<HHL", encoded, at)
        at += 8
        if group != 0 or length > len(encoded) - at or element in values:
            raise Refused("pdu-malformed")
        values[element] = encoded[at : at + length]
        at += length
    field = _number(values, COMMAND_FIELD)
    if field not in _NEEDED:
        raise Refused("operation-not-allowed")
    if not all(values.get(element) for element in _NEEDED[field]):
        raise Refused("pdu-malformed")
    has_data_set = _number(values, COMMAND_DATA_SET_TYPE) != NO_DATA_SET
    if has_data_set is not (field == C_STORE_RQ):
        raise Refused("pdu-malformed")
    return Command(has_data_set)


def _number(values: dict[int, bytes], element: int) -> int:
    value = values.get(element, b"")
    if len(value) != 2:
        raise Refused("pdu-malformed")
    return int.from_bytes(value, "little")


class PduGate:
    """Follows one connection from its first byte; each method raises Refused when the connection must end.

    While `owed` is true the sender waits for an answer from us and has nothing to say.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._stage = _Stage.STRANGER
        self._begin_message()

    def _begin_message(self) -> None:
        self._command = bytearray()
        self._context_id: int | None = None
        self._data_set_bytes = 0
        self._fragments = 0

    @property
    def owed(self) -> bool:
        """True from a complete request until our answer to it."""
        return self._stage is _Stage.OWED

    @property
    def over(self) -> bool:
        """True once the sender has asked for release or aborted: it has nothing more to say."""
        return self._stage is _Stage.OVER

    @property
    def inside_message(self) -> bool:
        """True when a message has begun and its last fragment has not come."""
        return self._fragments > 0

    def answered(self) -> None:
        """Note that we have sent something: the sender may speak again."""
        if self._stage is _Stage.OWED:
            self._stage = _Stage.COMMAND

    def admit_type(self, pdu_type: int) -> None:
        """Judge a PDU by its first byte, before a second one is read."""
        if self._stage is _Stage.STRANGER:
            if pdu_type != A_ASSOCIATE_RQ:
                raise Refused("not-dicom")
        elif pdu_type == A_ABORT:
            return
        elif self._stage in (_Stage.OWED, _Stage.OVER) or pdu_type not in (P_DATA_TF, A_RELEASE_RQ):
            raise Refused("pdu-malformed")

    def admit_header(self, header: bytes | bytearray) -> int:
        """Return the number of bytes that follow the six of `header`."""
        pdu_type, _, length = struct.unpack(">BBL", header)
        self.admit_type(pdu_type)
        if pdu_type == A_ASSOCIATE_RQ:
            smallest, largest = 68, self._limits.associate_bytes
        elif pdu_type == P_DATA_TF:
            smallest, largest = 6, self._limits.p_data_bytes
        else:
            smallest, largest = 4, 4
        if length > largest:
            raise Refused("pdu-too-long")
        if length < smallest:
            raise Refused("pdu-malformed")
        return int(length)

    def admit_body(self, pdu: bytes | bytearray) -> int:
        """Judge a whole PDU, header included; return how many bytes of data set it carries."""
        pdu_type = pdu[0]
        if pdu_type == A_ASSOCIATE_RQ:
            self._stage = _Stage.OWED
        elif pdu_type in (A_RELEASE_RQ, A_ABORT):
            self._stage = _Stage.OVER
        elif pdu_type == P_DATA_TF:
            return self._admit_p_data(memoryview(pdu))
        return 0

    def _admit_p_data(self, pdu: memoryview) -> int:
        at, before = HEADER_BYTES, self._data_set_bytes
        while at < len(pdu):
            if len(pdu) - at < 6:
                raise Refused("pdu-malformed")
            length, context_id, control = struct.unpack_from(">LBB", pdu, at)
            end = at + 4 + length
            if length < 2 or end > len(pdu):
                raise Refused("pdu-malformed")
            self._admit_fragment(context_id, control, pdu[at + 6 : end])
            at = end
        if self._stage is _Stage.OWED:
            carried = self._data_set_bytes - before
            self._begin_message()
            return carried
        return self._data_set_bytes - before

    def _admit_fragment(self, context_id: int, control: int, value: memoryview) -> None:
        is_command, is_last = bool(control & 1), bool(control & 2)
        expected = _Stage.COMMAND if is_command else _Stage.DATA_SET
        if self._stage is not expected or self._context_id not in (None, context_id):
            raise Refused("pdu-malformed")
        self._context_id = context_id
        self._fragments += 1
        gathered = len(self._command) + self._data_set_bytes
        if self._fragments > _FREE_FRAGMENTS + gathered // _LEAST_MEAN_FRAGMENT_BYTES:
            raise Refused("pdu-malformed")
        if is_command:
            self._admit_command(value, is_last=is_last)
        else:
            self._admit_data_set(value, is_last=is_last)

    def _admit_command(self, value: memoryview, *, is_last: bool) -> None:
        if len(self._command) + len(value) > self._limits.command_bytes:
            raise Refused("pdu-too-long")
        self._command += value
        if is_last:
            has_data_set = read_command(bytes(self._command)).has_data_set
            self._stage = _Stage.DATA_SET if has_data_set else _Stage.OWED

    def _admit_data_set(self, value: memoryview, *, is_last: bool) -> None:
        self._data_set_bytes += len(value)
        if self._data_set_bytes > self._limits.dataset_bytes:
            raise Refused("too-large")
        if is_last:
            if self._data_set_bytes == 0:
                raise Refused("pdu-malformed")
            self._stage = _Stage.OWED
