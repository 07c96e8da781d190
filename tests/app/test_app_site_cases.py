"""The cases of a site: what is weighed before anybody asks is what a reader gets."""

from __future__ import annotations

from darkhours.app import site_cases
from darkhours.app.site_cases import CaseShelf


def test_what_is_warm_is_not_weighed_again(tmp_path, monkeypatch):
    (tmp_path / "broken-2022.toml").write_text("not = [toml", encoding="utf-8")
    shelf = CaseShelf(tmp_path)

    shelf.warm()
    monkeypatch.setattr(site_cases, "answer", None)
    found = shelf.answer("almaty-2022")

    assert found.accounts[0].entity == found.case.flagship
    assert shelf.answer("egypt-2011").accounts
