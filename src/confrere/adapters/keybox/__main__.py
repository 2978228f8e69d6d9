"""Start the key box: `python -m confrere.adapters.keybox --home DIR`, tokens in the environment."""

import argparse
import os
import sys
from pathlib import Path

from confrere.adapters.keybox.server import serve


def main() -> int:
    """The process's exit code."""
    parser = argparse.ArgumentParser(prog="confrere key box", description="Keeps the keys of quarantine.")
    parser.add_argument("--home", type=Path, required=True)
    return serve(parser.parse_args().home.absolute(), os.environ)


if __name__ == "__main__":
    sys.exit(main())
