"""The page on the interface: its client runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "use-the-api.md"


def test_the_client_of_the_page_runs_as_it_stands_there(base, capsys):
    parts = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    code = "\n".join(parts).replace("http://127.0.0.1:8000", base)

    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102 — our own page

    said = capsys.readouterr().out
    assert len(parts) == 4
    assert "Kazakhstan since" in said
    assert "200 buckets" in said
    assert "Almaty 135." in said
    assert "/api/v1/accounts/" in said
    assert "worsened dark" in said
