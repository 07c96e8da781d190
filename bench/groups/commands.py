"""Commands of a newcomer.

What somebody waits for at the terminal: the help, one account, every account of a case, the demo.
"""

from __future__ import annotations

from task import Task

TASKS = [
    Task("darkhours --help", promised_s=0.3, cold=True),
    Task("darkhours account --help", promised_s=0.3),
    Task("darkhours account almaty-2022 --json", promised_s=1.5, cold=True),
    Task("darkhours account almaty-2022 --all --json"),
    Task("darkhours demo", promised_s=5.0, cold=True),
]
