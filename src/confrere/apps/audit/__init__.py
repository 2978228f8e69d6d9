"""The append-only ledger: everyone writes, nobody edits."""
