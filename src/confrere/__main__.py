"""`python -m confrere` is the same as the installed command."""

import sys

from confrere.server.cli import main

if __name__ == "__main__":
    sys.exit(main())
