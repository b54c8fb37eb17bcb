"""A certificate as a picture to save and share."""

from pathlib import Path

import segno

from server.core.image_drawing import Box, Squares, Words, draw_picture
from server.core.text import quoted

WIDTH, HEIGHT = 1080, 1440
MIDDLE = WIDTH // 2
BRAND, INK, MUTED, GROUND = "#0b5fa5", "#1b2733", "#5b6875", "#ffffff"
WIDEST = 860
CODE_SIZE = 240


def draw_certificate(
    font: Path, *, name: str, enterprise: str, contest: str, issuer: str, day: str, code: str, address: str
) -> bytes:
    """The PNG. `address`: where the code is verified, for the two-dimensional code."""
    parts = (
        Box(36, 36, WIDTH - 36, HEIGHT - 36, BRAND, 6),
        Box(54, 54, WIDTH - 54, HEIGHT - 54, BRAND, 2),
        Words("通 关 证 书", MIDDLE, 220, 96, WIDEST, BRAND),
        Words(issuer, MIDDLE, 330, 36, WIDEST, MUTED),
        Words(name, MIDDLE, 510, 84, WIDEST, INK),
        Words(enterprise, MIDDLE, 600, 34, WIDEST, MUTED),
        Words("在网上知识竞赛", MIDDLE, 712, 38, WIDEST, INK),
        Words(quoted(contest), MIDDLE, 780, 44, WIDEST, INK),
        Words("中通过全部关卡，特发此证。", MIDDLE, 848, 38, WIDEST, INK),
        Words(issuer, MIDDLE, 970, 38, WIDEST, INK),
        Words(day, MIDDLE, 1026, 32, WIDEST, INK),
        Squares(_squares(address), MIDDLE - CODE_SIZE // 2, 1082, CODE_SIZE),
        Words(f"编号 {code}　扫码核验", MIDDLE, 1348, 28, WIDEST, MUTED),
    )
    return draw_picture(WIDTH, HEIGHT, GROUND, parts, font)


def _squares(address: str) -> tuple[tuple[bool, ...], ...]:
    """The code of an address, with the quiet zone that cameras need."""
    matrix = segno.make(address, error="m", micro=False).matrix_iter(border=2)
    return tuple(tuple(bool(each) for each in row) for row in matrix)
