"""The codes of registers are a closed list."""

import re

from confrere.core.rules.registers import REGISTERS


def test_each_is_a_code_of_two_or_three_letters() -> None:
    assert {"JK", "PB", "KA", "IMR"} <= REGISTERS
    assert all(re.fullmatch(r"[A-Z]{2,3}", one) for one in REGISTERS)
