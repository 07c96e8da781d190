"""The guide to finding outages: each of its commands runs on files like those it tells of."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from darkhours.cli import main

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "find-outages.md"
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
HOURS = 21 * 24
BLOCKS = re.findall(r"^```console\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
LINES = [line[2:] for block in BLOCKS for line in block.splitlines() if line.startswith("$ ")]


def level(hour: int) -> float:
    return 0.04 if 300 <= hour < 320 else 1.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write the three files of the guide, each dark for twenty hours in the thirteenth night."""
    out = tmp_path_factory.mktemp("guide")
    rng = np.random.default_rng(0)
    times = [BEGIN + timedelta(hours=h) for h in range(HOURS)]
    towns, replies, ioda = ["time,province,town,answering"], ["time,town"], [IODA]
    for hour, at in enumerate(times):
        for town in ("Alder", "Birch"):
            share = level(hour) if town == "Alder" else 1.0
            value = 400 * share * np.exp(0.02 * rng.normal())
            towns.append(f"{at:%Y-%m-%dT%H:%M:%SZ},North,{town},{value:.0f}")
            replies += [
                f"{at + timedelta(minutes=3 * k):%Y-%m-%dT%H:%M:%SZ},{town}" for k in range(round(20 * share))
            ]
        ioda.append(f"{at:%Y-%m-%d %H:%M:%S},99.6,{95 * level(hour) * np.exp(0.01 * rng.normal()):.2f}")
    towns[1:] = sorted(towns[1:], key=lambda line: line.split(",")[2])
    for name, lines in (("towns", towns), ("replies", replies), ("ioda", ioda)):
        (out / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return out


IODA = "Time (UTC),BGP (#Visible /24s),Active Probing (#/24s Up)"


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_guide_finds_the_outage(line, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    assert main(shlex.split(line)[1:]) == 0
    told = capsys.readouterr().out
    written = [folder / word for word in shlex.split(line) if word in ("towns.html", "ranking.csv")]
    text = told + "".join(path.read_text(encoding="utf-8") for path in written)
    assert "Alder" in text or "Iran" in text
    assert "dark" in text


def test_the_guide_shows_the_options_that_change_what_is_found():
    asked = {word for line in LINES for word in shlex.split(line) if word.startswith("--")}
    assert {"--entity", "--signal", "--count", "--live", "--unrelated", "--smoothed", "--html"} <= asked
