"""Memory: it is given back where the system can be asked, and nothing else happens."""

from __future__ import annotations

import sys

from darkhours.app.memory import give_back


def test_nothing_is_asked_of_another_system(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert give_back() is False
