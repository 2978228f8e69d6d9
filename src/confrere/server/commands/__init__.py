"""The command line, one file for each command. Each has `add_arguments(parser)` and `run(args) -> exit code`."""
