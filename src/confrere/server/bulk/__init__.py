"""De-identify or verify trees of files in worker processes, each with a jail of its own; no server, no database.

Source: docs/how-to/de-identify-files.md.
"""
