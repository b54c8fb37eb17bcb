"""A poster to print: whose it is, what to do, and the code."""

from pathlib import Path

import segno

from server.core.image_drawing import Box, Part, Picture, Squares, Words, draw_picture

WIDTH, HEIGHT = 1240, 1754  # A4 at 150 dots per inch
MIDDLE = WIDTH // 2
BRAND, INK, MUTED, GROUND = "#0b5fa5", "#1b2733", "#5b6875", "#ffffff"
WIDEST = 1040
CODE_SIZE = 700


def draw(font: Path, union: str, invite_code: str, *, link: str, wechat_code: bytes | None) -> bytes:
    """The PNG. Without WeChat's code the one on it leads to `link`."""
    left, top = MIDDLE - CODE_SIZE // 2, 620
    code: Part = (
        Picture(wechat_code, left, top, CODE_SIZE)
        if wechat_code is not None
        else Squares(_squares(link), left, top, CODE_SIZE)
    )
    how = "用微信扫一扫，绑定本企业" if wechat_code is not None else "用手机扫一扫，绑定本企业"
    parts: tuple[Part, ...] = (
        Box(40, 40, WIDTH - 40, HEIGHT - 40, BRAND, 8),
        Words("安全随手拍", MIDDLE, 190, 120, WIDEST, BRAND),
        Words(union, MIDDLE, 340, 64, WIDEST, INK),
        Words("看到隐患拍一张，工会帮你推动整改", MIDDLE, 470, 52, WIDEST, INK),
        code,
        Words(how, MIDDLE, 1420, 52, WIDEST, INK),
        Words(f"也可以在“我的企业”里填邀请码 {invite_code}", MIDDLE, 1520, 38, WIDEST, MUTED),
    )
    return draw_picture(WIDTH, HEIGHT, GROUND, parts, font)


def _squares(address: str) -> tuple[tuple[bool, ...], ...]:
    """The code of an address, with the quiet zone that cameras need."""
    matrix = segno.make(address, error="m", micro=False).matrix_iter(border=2)
    return tuple(tuple(bool(each) for each in row) for row in matrix)
