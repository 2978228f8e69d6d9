"""The doors and the quarantine they fill."""
