"""The program as a process: entry, pipes, colours, quick help."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-m", "darkhours"]
ENVIRON = {
    "PATH": os.environ.get("PATH", ""),
    "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
    "TERM": "xterm-256color",
    "COLUMNS": "100",
}


def run(words, cwd, **environ):
    """Run the program and return what it left."""
    return subprocess.run(
        [*PROGRAM, *words], cwd=cwd, env=ENVIRON | environ, capture_output=True, check=False, timeout=60
    )


def test_the_program_runs_as_a_module(tmp_path):
    done = run(["--version"], tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"darkhours ")


def test_exit_codes_reach_the_shell(tmp_path):
    assert run(["account", "nowhere"], tmp_path).returncode == 3
    assert run(["account"], tmp_path).returncode == 2


def test_help_loads_nothing_heavy(tmp_path):
    code = (
        "import sys; from darkhours.cli import main; main(['account', '--help']);"
        "print([m for m in ('numpy', 'jinja2', 'darkhours.places', 'darkhours.infer') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=ENVIRON, capture_output=True, check=True
    )
    assert done.stdout.splitlines()[-1] == b"[]"


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    command = f"{sys.executable} -m darkhours schema outages; echo $? >code"
    done = subprocess.run(
        ["bash", "-c", f"({command}) | true; cat code"],
        cwd=tmp_path,
        env=ENVIRON,
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"0\n", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_full_disk_is_told(tmp_path):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*PROGRAM, "schema"], cwd=tmp_path, env=ENVIRON, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    assert b"standard output: cannot be written to: no space left" in done.stderr


def test_a_terminal_of_ascii_gets_ascii_strips(tmp_path):
    done = run(["account", "almaty-2022", "--step", "1h"], tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert b"####" in done.stdout


@pytest.mark.parametrize(
    ("environ", "coloured"),
    [
        pytest.param({}, True, id="terminal"),
        pytest.param({"NO_COLOR": "1"}, False, id="no-colour-wanted"),
        pytest.param({"TERM": "dumb"}, False, id="dumb-terminal"),
    ],
)
def test_colours_are_for_terminals_that_want_them(tmp_path, environ, coloured):
    ours, theirs = pty.openpty()
    words = ["account", "almaty-2022", "--step", "1h"]
    with subprocess.Popen([*PROGRAM, *words], cwd=tmp_path, env=ENVIRON | environ, stdout=theirs) as program:
        os.close(theirs)
        shown = _drain(ours)
        assert program.wait(timeout=60) == 0
    assert b"Almaty" in shown
    assert (b"\x1b[" in shown) == coloured


def _drain(terminal):
    """Return all that is written to a pseudo-terminal until its other side is closed."""
    shown = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        if not part:
            os.close(terminal)
            return shown
        shown += part
