"""`python -m proofline`: the command line."""

import sys

from proofline.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
