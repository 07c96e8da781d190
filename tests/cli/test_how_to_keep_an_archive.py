"""The guide to keeping an archive: its commands run in their order, on files like those it tells of."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

from darkhours.cli import main

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "keep-an-archive.md"
FENCE = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = FENCE.findall(GUIDE.read_text(encoding="utf-8"))
TYPED = [line[2:] for kind, text in BLOCKS if kind == "console" for line in text.splitlines()]
LINES = [line for line in TYPED if line.startswith("darkhours") and "/mnt/" not in line and "s3:" not in line]
IDS = ("country:KZ", "asn:9198@KZ")


def _write(path, begin, hours=48):
    lines = ["time,place,up"]
    for id_ in IDS:
        times = (begin + timedelta(hours=at) for at in range(hours))
        lines += [f"{at:%Y-%m-%dT%H:%M:%SZ},{id_},{100 + at.hour}" for at in times]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_commands_of_the_guide_run_in_their_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _write(tmp_path / "2023.csv", datetime(2023, 12, 30, tzinfo=UTC))
    _write(tmp_path / "2024.csv", datetime(2024, 1, 1, tzinfo=UTC))
    _write(tmp_path / "last-day.csv", datetime(2024, 1, 2, tzinfo=UTC))
    assert len(LINES) >= 11
    for line in LINES:
        assert main(shlex.split(line)[1:]) == 0, f"$ {line}\n{capsys.readouterr().err}"
    told = capsys.readouterr().out
    assert "2023-12-30T00:00:00Z to 2024-01-04T00:00:00Z" in told
    assert "nothing is wrong" in told


def test_the_program_of_the_guide_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (program,) = [text for kind, text in BLOCKS if kind == "python"]
    exec(compile(program, str(GUIDE), "exec"), {})  # noqa: S102 — it is our own page
    assert (tmp_path / "observatory").is_dir()
