"""The clinical story: its author, its question, its consent."""
