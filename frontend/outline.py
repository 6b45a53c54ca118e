"""Draws kb/static/map/greece.svg from outlines of municipalities: outline.py FILE.geojson."""

import json
import math
import sys
from itertools import pairwise
from pathlib import Path

from shapely.geometry import MultiPolygon, shape
from shapely.ops import unary_union

TARGET = Path(__file__).parent.parent / "kb/static/map/greece.svg"
# The same window and scale as kb/pages/outline.py, which puts the dots on this outline.
WEST, EAST, SOUTH, NORTH = 19.3, 28.4, 34.7, 41.85
WIDTH = 480
ACROSS = math.cos(math.radians(38.3))
SCALE = WIDTH / ((EAST - WEST) * ACROSS)
FINENESS = 2  # units to a pixel
TOLERANCE = 0.012  # degrees
SMALLEST = 0.0006  # square degrees: an islet of about 6 km²


def main(file: str) -> None:
    features = json.loads(Path(file).read_text("utf-8"))["features"]
    land = unary_union([shape(f["geometry"]).buffer(0.008) for f in features]).buffer(-0.008)
    pieces = land.geoms if isinstance(land, MultiPolygon) else [land]
    rings = [p.simplify(TOLERANCE).exterior.coords for p in pieces if p.area > SMALLEST]
    height = round((NORTH - SOUTH) * SCALE)
    path = "".join(draw(ring) for ring in rings)
    size = f'width="{WIDTH}" height="{height}"'
    units = f"0 0 {WIDTH * FINENESS} {height * FINENESS}"
    TARGET.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{units}">'
        f'<path fill="#dfe7f1" stroke="#b3c2d6" stroke-linejoin="round" d="{path}"/></svg>\n'
    )
    print(f"{len(rings)} pieces of land, {TARGET.stat().st_size} bytes, {WIDTH} × {height}")


def draw(ring) -> str:
    """One closed line in whole units, each step relative to the last: the shortest to write."""
    scale = SCALE * FINENESS
    points = [
        (round((x - WEST) * ACROSS * scale), round((NORTH - y) * scale)) for x, y in ring[:-1]
    ]
    steps = [f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(steps).replace(" -", "-") + "z"


main(sys.argv[1])
