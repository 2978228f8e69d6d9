"""Confrere: the closed, institution-owned place where doctors discuss imaging studies."""

__version__ = "0.1.0"
