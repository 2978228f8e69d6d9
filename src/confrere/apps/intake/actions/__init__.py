"""The only writers of this station; each takes its actor and writes its ledger line."""
