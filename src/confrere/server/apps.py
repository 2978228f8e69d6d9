"""Registers the server's own commands and templates with Django."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    """The server storey: it has pages of its own (health), no tables."""

    name = "confrere.server"
    label = "server"
