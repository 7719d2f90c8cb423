"""`python -m lossgen` is the command line too."""

import sys

from lossgen.cli import main

sys.exit(main())
