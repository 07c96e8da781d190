"""Runs the command line as ``python -m darkhours``."""

from __future__ import annotations

import sys

from darkhours.start import main

if __name__ == "__main__":
    sys.exit(main())
