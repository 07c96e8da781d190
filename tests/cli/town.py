"""A small case that needs no gazetteer, and how a command is run on it."""

from __future__ import annotations

import json

import pytest

from darkhours.cli import main

SHIPPED = "almaty-2022"
CASE = "town.toml"
TOWN = """
[case]
id = "town-2024"
tz = "Asia/Almaty"
from = 2024-01-01T00:00:00
until = 2024-01-08T00:00:00
entities = ["local:Town", "local:Village"]

[[entity]]
id = "local:Town"
name = "Town"
tz = "Asia/Almaty"

[[entity]]
id = "local:Village"
name = "Село"
tz = "Asia/Almaty"

[[source]]
id = "meter"
publisher = "Meter"
kind = "measurement"
url = "https://example.org/meter"

[[claim]]
id = "t-1"
source = "meter"
entity = "local:Town"
service = "internet"
says = "dark"
when = { turn = 2024-01-02T10:00:00, give = "30m" }
published = 2024-01-02T06:00:00Z
note = "It went dark."

[[claim]]
id = "t-2"
source = "meter"
entity = "local:Town"
service = "internet"
says = "up"
when = { turn = 2024-01-03T10:00:00, give = "30m" }
published = 2024-01-03T06:00:00Z
note = "It came back."

[[claim]]
id = "t-3"
source = "meter"
entity = "local:Town"
service = "internet"
says = { total = "dark_h", value = 24 }
published = 2024-01-03T06:00:00Z
note = "A day without."

[[claim]]
id = "t-4"
source = "meter"
entity = "local:Village"
service = "fixed"
says = "dark"
when = { during = [2024-01-02T10:00:00, 2024-01-02T20:00:00] }
published = 2024-01-03T06:00:00Z
note = "The village had no wired service."
"""
"""A case that needs no gazetteer and little time."""
COMMANDS = ["demo", "account", "check", "new", "diff", "cases", "entity", "schema", "doctor", "score"]


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    """Work in an empty folder, without the settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DARKHOURS_CASES", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / CASE).write_text(TOWN, encoding="utf-8")


def run(capsys, *words):
    """Run a command; return its exit code, its data and its words."""
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def run_json(capsys, *words):
    """Run a command that must succeed; return what it printed, read as JSON."""
    code, out, err = run(capsys, *words, "--json")
    assert code == 0, err
    return json.loads(out)
