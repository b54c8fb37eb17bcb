"""The simulated provider of tiles: takes what an image element asks for, nothing else, and writes on each which it is.

It refuses with 400 whatever the service must never send: another address, a referrer, a cookie, a word of a sign-in.
"""

import io
import re
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image, ImageDraw

from tests.simulators.quiet import Quiet

KEY = "tiles-1"
TEMPLATE = f"/w/{{z}}?x={{x}}&y={{y}}&tk={KEY}"
SIDE = 256
FORBIDDEN = ("Referer", "Cookie", "Authorization", "Origin")
Tile = tuple[int, int, int]


@dataclass
class Tiles:
    """How it behaves, and which it was asked for."""

    status: int = 200
    asked: list[Tile] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # what it refused


def serve(tiles: Tiles, port: int = 0) -> ThreadingHTTPServer:
    """The provider on this machine."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = _asked_for(self.path)
            told = [name for name in FORBIDDEN if name in self.headers]
            if found is None or told or "image/" not in self.headers.get("Accept", ""):
                tiles.faults.append(f"{self.path} {told}")
            else:
                tiles.asked.append(found)
            content = _picture(found) if found and not tiles.faults and tiles.status == 200 else b""
            self.send_response(400 if tiles.faults else tiles.status)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _asked_for(path: str) -> Tile | None:
    """Which tile that address is; None if it is none of the world's."""
    found = re.fullmatch(rf"/w/(\d+)\?x=(\d+)&y=(\d+)&tk={KEY}", path)
    if found is None:
        return None
    zoom, x, y = (int(part) for part in found.groups())
    return (zoom, x, y) if zoom <= 18 and max(x, y) < 2**zoom else None


def _picture(tile: Tile) -> bytes:
    """Blocks and streets, and which tile it is."""
    zoom, x, y = tile
    image = Image.new("RGB", (SIDE, SIDE), "#f2efe9" if (x + y) % 2 else "#ebe7df")
    draw = ImageDraw.Draw(image)
    for at in (40, 168):
        draw.line([(0, at), (SIDE, at)], fill="#ffffff", width=14)
        draw.line([(at, 0), (at, SIDE)], fill="#ffffff", width=14)
    draw.text((60, 90), f"{zoom}/{x}/{y}", fill="#5b6875")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
