"""Settings, root URLs, processes and the command line."""
