"""Runs a command and writes what it took: a process of its own, for a child's peak memory begins with ours.

Run by run.py as ``python launch.py REPORT COMMAND …``; it exits as the command does.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    """Run the command, write seconds and memory to the report."""
    begun = time.perf_counter()
    code = subprocess.call(sys.argv[2:])
    wall_s = time.perf_counter() - begun
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    kilobytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
    told = {"wall_s": wall_s, "processor_s": usage.ru_utime + usage.ru_stime, "peak_mb": kilobytes / 1024}
    Path(sys.argv[1]).write_text(json.dumps(told), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
