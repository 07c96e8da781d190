"""Golden events: what follows from each case's reports, whatever the method makes of them on the way."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from darkhours.app.account import make_account
from darkhours.claims import load_case
from darkhours.model.account import Account
from darkhours.model.state import State

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "src" / "darkhours" / "cases"


def rows() -> list[Any]:
    out = []
    for file in sorted(HERE.glob("*/expected.toml")):
        for check in tomllib.loads(file.read_text(encoding="utf-8"))["check"]:
            what = next(check[k] for k in ("edge", "total", "status", "dark_windows") if k in check)
            name = f"{file.parent.name}-{check['entity']}-{check['service']}-{what}"
            out.append(pytest.param(file.parent, check, id=name))
    return out


def folder_of(event: Path) -> Path:
    return event if (event / "case.toml").exists() else SHIPPED / event.name


@pytest.fixture(scope="module")
def accounts() -> dict[tuple[Any, ...], Account]:
    return {}


@pytest.mark.parametrize(("event", "check"), rows())
def test_the_account_holds_what_the_reports_give(event: Path, check: dict[str, Any], accounts) -> None:
    key = (event, check["entity"], check["service"], check.get("as_of"))
    if key not in accounts:
        case = load_case(folder_of(event), lookup=lambda _: None)
        accounts[key] = make_account(case, entity=key[1], service=key[2], as_of=key[3])
    account = accounts[key]
    if "status" in check:
        assert account.status == check["status"]
    elif "dark_windows" in check:
        assert sum(window.state is State.DARK for window in account.windows) == check["dark_windows"]
    else:
        assert check["low"] <= value_of(account, check) <= check["high"]


def value_of(account: Account, check: dict[str, Any]) -> object:
    if check.get("edge") == "first_dark":
        return next(window.start.at for window in account.windows if window.state is State.DARK)
    if check.get("edge") == "lasting_return":
        end = account.outages[-1].end
        return end.at if end else None
    total = account.totals[check["total"]]
    return total.value if total else None
