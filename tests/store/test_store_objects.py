"""Points in S3, tried on a real small server on loopback; the manifest lies in a folder."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import numpy as np
import pytest
from stores import IDS, LOST, START, STEP, declare, make_panel

from darkhours.model.errors import ConfigError
from darkhours.store import create_archive, open_archive
from darkhours.store.objects import Objects

BUCKET = "observatory"
AFTER = START + timedelta(days=90)


@pytest.fixture(scope="module")
def server():
    from moto.server import ThreadedMotoServer

    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    yield "{}:{}".format(*started.get_host_and_port())
    started.stop()


@pytest.fixture
def address(server, monkeypatch, request):
    """Return the address of an empty bucket of its own; keys come from the environment."""
    from pyarrow import fs

    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    bucket = f"{BUCKET}-{abs(hash(request.node.name)) % 10**8}"
    system = fs.S3FileSystem(endpoint_override=server, scheme="http", allow_bucket_creation=True)
    system.create_dir(bucket)
    return f"s3://{bucket}/points?endpoint_override={server}&scheme=http&region=us-east-1"


@pytest.fixture
def archive(tmp_path, address):
    create_archive(tmp_path / "archive", points=address)
    with open_archive(tmp_path / "archive") as opened:
        yield opened


def test_what_goes_into_a_bucket_comes_out_of_it(archive, tmp_path):
    series = declare(archive)
    values = np.array([[1.0, LOST, 3.0]] * 3) * np.arange(1, 4)[:, None]
    for at in range(3):
        archive.append(series, START + at * STEP, IDS, values[:, at])
    archive.correct(series, make_panel([[7.0]], START))
    with open_archive(tmp_path / "archive") as reader:
        values_now = values.copy()
        values_now[0, 0] = 7.0
        assert np.array_equal(reader.read(series, IDS).values, values_now, equal_nan=True)
        assert np.array_equal(reader.read(series, IDS, as_of_version=3).values, values, equal_nan=True)
    assert list((tmp_path / "archive").rglob("*.parquet")) == []


def test_a_bucket_is_compacted_swept_and_checked(archive):
    series = declare(archive)
    for at in range(30):
        archive.append(series, START + at * STEP, IDS, np.full(3, float(at)))
    done = archive.compact(AFTER, grace=timedelta(0))
    assert done.removed > 0
    assert len(list(archive._shelf.files.names())) < 10
    assert archive.read(series, IDS).values.tolist() == [[float(at) for at in range(30)]] * 3
    assert archive.check(deep=True) == ()


class BreakingObjects(Objects):
    """A store of which the connection breaks at the n-th write."""

    left = 0

    def create(self, name):
        sink = super().create(name)
        owner = self

        class Breaking:
            def write(self, data):
                owner.left -= 1
                if owner.left == 0:
                    raise OSError("connection reset")
                return sink.write(data)

            def close(self):
                sink.close()

        return Breaking()


def test_a_connection_that_breaks_leaves_an_orphan_that_repair_removes(archive, tmp_path):
    series = declare(archive)
    files = archive._shelf.files
    broken = BreakingObjects(files._system, files._root)
    archive.close()
    for at in range(1, 100):
        broken.left = at
        with open_archive(tmp_path / "archive", files=broken) as writer:
            with contextlib.suppress(OSError):
                writer.append(series, START, IDS, np.ones(3))
            if writer.version:
                break
            assert [finding.lost for finding in writer.check(deep=True)] in ([], [False])
            writer.repair()
            assert writer.check(deep=True) == ()
    assert at > 3
    with open_archive(tmp_path / "archive") as reader:
        assert reader.latest(series).values.tolist() == [[1.0]] * 3


def test_an_address_that_is_none_is_told(tmp_path):
    with pytest.raises(ConfigError, match="points: expected an address"):
        create_archive(tmp_path / "archive", points="nowhere")
    assert not (tmp_path / "archive").exists()
