"""Every command is run in an empty folder that holds the small case."""

from __future__ import annotations

import pytest
from town import CASE, TOWN


@pytest.fixture(autouse=True)
def _somewhere(tmp_path, monkeypatch):
    """Work in an empty folder, without the settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DARKHOURS_CASES", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / CASE).write_text(TOWN, encoding="utf-8")
