"""The one engine for free text: titles, histories, questions, comments, file names, reports.

Pure: a network that knows names comes in as an argument and is loaded by `adapters`.
"""
