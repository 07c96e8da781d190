"""Model, infer, account, score and render know no clock, no network, no file, no unseeded chance."""

from __future__ import annotations

import ast

import pytest
from purity import find_impurities
from tree import PACKAGE, PURE_ROOMS, describe, find_code, parse

PURE_FILES = [path for room in PURE_ROOMS for path in find_code(f"src/darkhours/{room}")]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import time", id="clock-module"),
        pytest.param("from datetime import datetime\ndatetime.now()", id="now"),
        pytest.param("import datetime\ndatetime.datetime.utcnow()", id="utcnow"),
        pytest.param("from datetime import date\ndate.today()", id="today"),
        pytest.param("import socket", id="socket"),
        pytest.param("from urllib import request", id="urllib-request-from"),
        pytest.param("import urllib.request", id="urllib-request"),
        pytest.param("import requests", id="requests"),
        pytest.param("import os.path", id="os-path"),
        pytest.param("from pathlib import Path", id="pathlib"),
        pytest.param("from io import open", id="io-open"),
        pytest.param("open('x')", id="open"),
        pytest.param("import random", id="random"),
        pytest.param("import numpy as np\nnp.random.default_rng()", id="unseeded-generator"),
        pytest.param("import numpy as np\nnp.random.normal()", id="global-generator"),
        pytest.param("def f():\n    import subprocess", id="hidden-in-a-function"),
    ],
)
def test_an_impure_line_is_found(source):
    assert find_impurities(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            "from importlib.resources import files\nfiles('x').joinpath('y').read_text()", id="resources"
        ),
        pytest.param("from zoneinfo import ZoneInfo\nZoneInfo('Asia/Almaty')", id="zones"),
        pytest.param("from urllib.parse import quote", id="quote"),
        pytest.param("import numpy as np\nnp.random.default_rng(7).normal()", id="seeded-generator"),
        pytest.param(
            "from datetime import datetime, UTC\ndatetime(2022, 1, 5, tzinfo=UTC)", id="given-instant"
        ),
        pytest.param("rng.normal(size=3)", id="generator-passed-in"),
        pytest.param("from io import StringIO", id="text-in-memory"),
    ],
)
def test_a_pure_line_is_left_alone(source):
    assert not find_impurities(ast.parse(source))


def test_the_pure_rooms_are_there():
    assert {path.relative_to(PACKAGE).parts[0] for path in PURE_FILES} >= {
        "model",
        "infer",
        "account",
        "render",
    }


@pytest.mark.parametrize("path", PURE_FILES, ids=describe)
def test_a_pure_room_reads_no_clock_file_or_network(path):
    assert find_impurities(parse(path)) == []
