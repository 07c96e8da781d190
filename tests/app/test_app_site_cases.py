"""The cases of a site: what is weighed before anybody asks is what a reader gets."""

from __future__ import annotations

from darkhours.app import site_cases
from darkhours.app.site_cases import CaseShelf


def test_what_is_warm_is_not_weighed_again(tmp_path, monkeypatch):
    (tmp_path / "broken-2022.toml").write_text("not = [toml", encoding="utf-8")
    weighed = []
    real = site_cases.answer
    monkeypatch.setattr(
        site_cases, "answer", lambda asked, folder: weighed.append(asked.case) or real(asked, folder)
    )
    shelf = CaseShelf(tmp_path)

    shelf.warm()
    before = len(weighed)
    found = shelf.answer("almaty-2022")

    assert before == 3
    assert len(weighed) == before
    assert found.accounts[0].entity == found.case.flagship
