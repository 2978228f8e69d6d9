"""Pure decisions: no Django, no network, no clock, no randomness; frozen records in, frozen records out."""
