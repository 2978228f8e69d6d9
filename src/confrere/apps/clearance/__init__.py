"""De-identify, verify, gate: the only room that sees both raw and clean."""
