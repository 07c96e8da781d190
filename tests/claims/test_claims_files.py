"""Files that are no case, or hostile, or very large."""

from __future__ import annotations

import pytest
from small_case import CLAIMS, SMALL, errors, look_up, read, with_claim

from darkhours.claims import load_case, read_case
from darkhours.claims.case import CASE_BYTES_MOST
from darkhours.model.errors import InputError


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(SMALL.encode("utf-16"), "save it as UTF-8", id="utf-16"),
        pytest.param(SMALL.encode("utf-16-le"), "save it as UTF-8", id="utf-16-without-mark"),
        pytest.param(SMALL.encode() + b'x = "\xff"', "got the byte 0xFF; save it as UTF-8", id="latin-1"),
        pytest.param(b"\x7fELF\x02\x01\x01\x00\x00", "expected TOML", id="a-program"),
        pytest.param(b"", "expected a table [case]", id="empty"),
        pytest.param(b"<html><body>Not found</body></html>", "expected TOML", id="html"),
        pytest.param(SMALL.encode() + b"a = " + b"[" * 20_000, "of a few levels", id="deep-nest"),
        pytest.param(SMALL.encode() + b"a = " + b"9" * 5_000, "expected TOML", id="number-of-5000-digits"),
        pytest.param(SMALL.encode() + b"a." * 60 + b"a = 1", "keys of a few parts", id="deep-key"),
        pytest.param(b"#" + b"x" * 40_000, "lines of at most 30,000", id="long-line"),
        pytest.param(b"#\n" * (CASE_BYTES_MOST // 2) + b"#", "at most 10 MB", id="10-MB-and-one-byte"),
    ],
)
def test_a_file_that_is_no_case_is_one_clear_error(data, expected):
    with pytest.raises(InputError) as caught:
        read_case(data, file="small.toml", lookup=look_up)
    assert expected in str(caught.value)


def test_ten_megabytes_of_comments_read():
    padding = b"#" * 99 + b"\n"
    data = SMALL.encode() + padding * ((CASE_BYTES_MOST - len(SMALL.encode())) // 100)
    assert len(read_case(data, file="big.toml", lookup=look_up).claims) == len(CLAIMS)


def test_a_byte_order_mark_is_skipped_with_a_warning():
    marked = read_case(b"\xef\xbb\xbf" + SMALL.encode(), file="small.toml", lookup=look_up)
    assert marked.claims == read(SMALL).claims
    assert any("byte order mark" in warning for warning in marked.warnings)


def test_line_ends_of_windows_read():
    assert read(SMALL.replace("\n", "\r\n")).claims == read(SMALL).claims


@pytest.mark.parametrize(
    ("note", "warned"),
    [
        pytest.param("<script>alert(1)</script>", False, id="script"),
        pytest.param("safe \u202eexe.gpj", True, id="override"),
        pytest.param("\u200fשלום\u200f", True, id="right-to-left-marks"),
        pytest.param("a\x9bb", True, id="c1-control"),
        pytest.param("نمی\u200cخواهم", False, id="persian-joiner"),
    ],
)
def test_a_hostile_note_is_kept_as_it_is_and_flagged(note, warned):
    case = read(with_claim(note=f'"{note}"'))
    assert next(claim.note for claim in case.claims if claim.id == "extra") == note
    assert bool([warning for warning in case.warnings if "nobody sees" in warning]) is warned


def test_messages_escape_what_the_file_holds():
    told = errors(with_claim(id='"\\u202eevil\\u001b[31m"', colour_="1", kind='"\\u202epress"'))
    assert told
    assert all(line.isprintable() for line in told)


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path):
    with pytest.raises(InputError, match="expected a case file that can be read"):
        load_case(tmp_path / "none.toml")


def test_a_case_loads_from_its_file_or_its_folder(tmp_path):
    (tmp_path / "case.toml").write_text(SMALL, encoding="utf-8")
    from_file = load_case(tmp_path / "case.toml", lookup=look_up)
    assert from_file == load_case(tmp_path, lookup=look_up) == read(SMALL)


def test_a_file_over_the_bound_is_not_read_whole(tmp_path):
    path = tmp_path / "case.toml"
    with path.open("wb") as stream:
        stream.truncate(1_000_000_000)
    with pytest.raises(InputError, match="at most 10 MB"):
        load_case(path)
