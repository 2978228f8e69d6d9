"""The ways in; every one ends in the same Intake."""
