"""Writing: only with the token, only whole cases, only under names of one's own."""

from __future__ import annotations

import pytest
from own_cases import own_case
from serving import TOKEN, asking

from darkhours.app.serve import make_site

CASE = own_case("tashkent-2022")
ADDRESS = "/api/v1/cases/tashkent-2022"


@pytest.fixture
def folder(tmp_path):
    """An empty folder of cases."""
    return tmp_path


@pytest.fixture
def client(folder):
    """Who asks a site that may write there, with the token."""
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/toml"}
    with asking(make_site(None, folder), headers, cases=folder, most_body=20_000) as client:
        yield client


def test_a_case_is_kept_told_and_replaced(client, folder):
    first = client.put(ADDRESS, content=CASE)
    again = client.put(ADDRESS, content=CASE.replace("3h", "4h"))

    assert (first.status_code, first.json()["new"]) == (201, True)
    assert (again.status_code, again.json()["new"]) == (200, False)
    assert first.headers["location"].endswith(ADDRESS)
    assert (folder / "tashkent-2022.toml").read_text() == CASE.replace("3h", "4h")
    assert [each.name for each in folder.iterdir()] == ["tashkent-2022.toml"]
    told = client.get(ADDRESS).json()
    assert told["sha256"] == again.json()["sha256"]
    assert told["accounts"][0]["permanent"] is None  # no archive, nothing is kept for ever
    assert "no archive" in client.get(f"/api/v1/accounts/{told['accounts'][0]['version']}").json()["detail"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"authorization": ""}, 401, id="none"),
        pytest.param({"authorization": "Bearer wrong"}, 401, id="wrong"),
        pytest.param({"authorization": f"Basic {TOKEN}"}, 401, id="another-scheme"),
        pytest.param({"authorization": f"Bearer {TOKEN}x"}, 401, id="longer"),
        pytest.param({"authorization": "Bearer \u00e9".encode()}, 401, id="not-ascii"),
        pytest.param({"content-type": "text/html"}, 415, id="another-type"),
    ],
)
def test_without_the_token_nothing_is_written(client, folder, headers, status):
    answer = client.put(ADDRESS, content=CASE, headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("limits", [{"token": None}, {"cases": None}])
def test_writing_is_off_unless_token_and_folder_are_set(site, folder, limits):
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/toml"}
    with asking(site, **{"cases": folder, **limits}) as client:
        assert client.put(ADDRESS, content=CASE, headers=headers).status_code == 403


def test_everything_wrong_is_told_with_its_line(client, folder):
    answer = client.put(ADDRESS, content=CASE.replace('"dark"', '"black"').replace('"official"', '"gossip"'))

    problems = answer.json()["problems"]
    assert answer.status_code == 422
    assert len(problems) >= 2
    assert all(problem["line"] for problem in problems)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        pytest.param("almaty-2022", CASE.replace("tashkent", "almaty"), 409, id="shipped"),
        pytest.param("other-2022", CASE, 422, id="another-id"),
        pytest.param("..%2fevil", CASE, 404, id="path"),
        pytest.param("%2e%2e", CASE, 422, id="dots"),
        pytest.param("Evil", CASE, 422, id="capitals"),
        pytest.param("evil%00", CASE, 422, id="nul"),
        pytest.param("case", CASE.replace("tashkent-2022", "case"), 422, id="never-found"),
        pytest.param("tashkent-2022", "", 422, id="empty"),
        pytest.param("tashkent-2022", b"\xff\x00", 422, id="no-text"),
        pytest.param("tashkent-2022", "a" * 30_000, 413, id="too-long"),
        pytest.param("tashkent-2022", iter([b"a" * 15_000, b"b" * 15_000]), 413, id="too-long-in-pieces"),
        pytest.param(
            "tashkent-2022",
            CASE
            + '[[series]]\nfile = "../../etc/passwd"\nsignal = "x"\nentity = "country:UZ"\nfamily = "f"\n',
            422,
            id="file-of-ours",
        ),
    ],
)
def test_what_must_not_be_kept_is_not(client, folder, name, text, status):
    answer = client.put(f"/api/v1/cases/{name}", content=text)

    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert "root:" not in answer.text
    assert list(folder.iterdir()) == []


def test_a_case_in_a_folder_of_its_own_is_left_alone(client, folder):
    (folder / "tashkent-2022").mkdir()
    (folder / "tashkent-2022" / "case.toml").write_text(CASE)

    assert client.put(ADDRESS, content=CASE).status_code == 409
    assert not (folder / "tashkent-2022.toml").exists()


def test_a_folder_that_is_full_takes_no_more(client, folder, monkeypatch):
    monkeypatch.setattr("darkhours.app.site_writing.MOST_CASES", 1)

    assert client.put(ADDRESS, content=CASE).status_code == 201
    other = client.put("/api/v1/cases/other", content=CASE.replace("tashkent-2022", "other"))
    assert other.status_code == 409
    assert client.put(ADDRESS, content=CASE).status_code == 200


def test_a_short_token_is_no_secret():
    from darkhours.model.errors import ConfigError
    from darkhours.web.run import settings_of

    with pytest.raises(ConfigError, match="at least 16"):
        settings_of("127.0.0.1", 8000, token="short")  # noqa: S106 — none of ours
