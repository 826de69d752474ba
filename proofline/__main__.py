"""`python -m proofline`: the command line."""

import gc
import sys

gc.set_threshold(100_000, 20, 100)  # the thousand modules that are loaded now are no garbage, however often one looks

from proofline.config.cli import main  # noqa: E402 - after the line above

if __name__ == "__main__":
    sys.exit(main())
