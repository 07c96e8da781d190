"""Pictures of the pages that matter most, held against stored ones; ``DARKHOURS_SHOTS=renew`` renews them."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from walks import DESK, PAGES, PHONE

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
SHOTS = Path(__file__).with_name("shots")
SCALE = 4
"""Both are made so much smaller first, so that another font moves grey and not black."""
TOLERANCE, MOST = 40, 0.06
"""A pixel differs from this many of 255 on; a picture by this share of its pixels: ours."""


def small(picture):
    """Return a picture in grey, made smaller."""
    width, height = picture.width // SCALE, picture.height // SCALE
    return picture.convert("L").resize((width, height), Image.Resampling.BOX)


def differing(a, b):
    """Return the share of pixels of two pictures that differ; all of them where their shapes do."""
    if abs(a.height - b.height) > 0.1 * b.height or a.width != b.width:
        return 1.0
    height = min(a.height, b.height)
    one, other = (np.asarray(each, dtype=np.int16)[:height] for each in (a, b))
    return float((np.abs(one - other) > TOLERANCE).mean())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["account", "now"])
def test_a_page_looks_as_it_did(visit, name, size, scheme):
    path = SHOTS / f"{name}-{'phone' if size == PHONE else 'desk'}-{scheme}.png"
    with visit(size, color_scheme=scheme, reduced_motion="reduce") as it:
        page = it.go(PAGES[name])
        page.wait_for_timeout(150)
        taken = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    taken = small(taken.crop((0, 0, taken.width, min(taken.height, 2400))))
    if os.environ.get("DARKHOURS_SHOTS") == "renew":
        path.parent.mkdir(exist_ok=True)
        taken.save(path, optimize=True)
    stored = Image.open(path)
    assert path.stat().st_size <= 200_000
    assert differing(taken, stored) <= MOST


def test_a_picture_that_differs_is_seen():
    plain = Image.new("L", (300, 200), 240)
    other = plain.copy()
    other.paste(20, (0, 0, 300, 30))
    assert differing(plain, plain) == 0
    assert differing(other, plain) > MOST
