"""A real watch beside a real writer is killed, started again and ended: every change is told once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from test_app_watch import DAY, HOUR, PLACES, START, panel, run, store

from darkhours.store import open_archive

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals, which this system has no such of"),
]
WRITER = """
import sys, threading
sys.path[:0] = [{here!r}]
from pathlib import Path
from test_app_watch import DAY, panel, store
folder = Path(sys.argv[1])
for line in sys.stdin:
    hour = int(line)
    store(folder, panel(hour / DAY, (hour + 1) / DAY))
    print(hour, flush=True)
"""


@pytest.fixture
def folder(tmp_path):
    store(tmp_path / "archive", panel(0, 33))
    return tmp_path / "archive"


def start_watch(folder):
    words = ["-m", "darkhours", "watch", str(folder), "--every", "1s", "--until-idle", "2m", "--json"]
    return subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def read_lines(process, n):
    """Return the next changes that a watch tells."""
    return [json.loads(process.stdout.readline()) for _ in range(n)]


def test_a_watch_that_is_killed_goes_on_and_tells_nothing_twice(folder, request):
    here = str(request.path.parent)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER.format(here=here), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def append(first, until):
        for hour in range(first, until):
            writer.stdin.write(f"{hour}\n")
            writer.stdin.flush()
            assert int(writer.stdout.readline()) == hour

    # The first look must come after these hours: an hour earlier something else is so.
    append(33 * DAY, 33 * DAY + 6)
    first = start_watch(folder)
    told = read_lines(first, 2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    append(33 * DAY + 6, 33 * DAY + 16)
    again = start_watch(folder)
    told += read_lines(again, 2)
    append(33 * DAY + 16, 34 * DAY + 8)
    told += read_lines(again, 1)
    again.send_signal(signal.SIGTERM)
    rest, _ = again.communicate()
    writer.communicate()
    first.stdout.close()
    assert (again.returncode, rest) == (0, "")
    assert [(each["entity"]["name"], each["kind"]) for each in told] == [
        ("drop", "dark"), ("relapse", "dark"), ("drop", "back"), ("relapse", "back"), ("degrade", "degraded"),
    ]  # fmt: skip
    assert run(folder) == []  # takes what came last, of which there is nothing to tell
    with open_archive(folder) as archive:
        kept, now = archive.changes(), archive.current()
    assert [each.cursor for each in kept] == [each["cursor"] for each in told] == [1, 2, 3, 4, 5]
    assert set(now.entities) == {f"local:{name}" for name in PLACES}
    assert {now.row(at)["until"] for at in range(len(now))} == {START + (34 * DAY + 8) * HOUR}
