"""Drawn scenes that stand in for workers' photos: nobody's workplace, nobody's face, but something to look at.

The browser tests use them too.
"""

import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter
from PIL.ImageDraw import ImageDraw as Pen

SIZE = (1600, 1200)
Colour = tuple[int, int, int]


def scene(name: str, seed: int = 0, size: tuple[int, int] = SIZE, *, is_mended: bool = False) -> bytes:
    """A JPEG of the scene called `name` (a key of SCENES), or of the same place put right; `seed` varies light, tilt
    and detail.
    """
    dice = random.Random(f"{name}{seed}")  # noqa: S311 (a picture, no secret)
    image = Image.new("RGB", SIZE, (140, 140, 136))
    SCENES[name](ImageDraw.Draw(image), dice, is_mended)
    out = BytesIO()
    _through_a_phone(image.resize(size), dice).save(out, "JPEG", quality=82)
    return out.getvalue()


def _through_a_phone(image: Image.Image, dice: random.Random) -> Image.Image:
    """Tilt a little, soften, add grain and the darker corners of a small lens."""
    wide, high = image.size
    image = image.rotate(dice.uniform(-2.5, 2.5), Image.Resampling.BICUBIC, expand=False, fillcolor=(96, 96, 94))
    image = image.crop((40, 40, wide - 40, high - 40)).resize(image.size, Image.Resampling.BICUBIC)
    image = image.filter(ImageFilter.GaussianBlur(1.6))
    grain = Image.effect_noise((wide // 2, high // 2), 26).resize(image.size).convert("RGB")
    image = Image.blend(image, grain, 0.09)
    light = Image.new("L", (160, 120), 70)
    x, y = dice.randint(40, 120), dice.randint(20, 60)
    ImageDraw.Draw(light).ellipse((x - 90, y - 70, x + 90, y + 90), fill=255)
    light = light.filter(ImageFilter.GaussianBlur(34)).resize(image.size, Image.Resampling.BICUBIC)
    return Image.composite(image, image.point(lambda value: int(value * 0.78)), light)


def _room(pen: Pen, wall: Colour, floor: Colour, horizon: int) -> None:
    width, height = SIZE
    for y in range(height):
        base, depth = (wall, 1 - 0.16 * y / horizon) if y < horizon else (floor, 0.72 + 0.34 * (y - horizon) / 400)
        pen.line((0, y, width, y), fill=tuple(min(int(part * depth), 255) for part in base))
    pen.rectangle((0, horizon - 26, width, horizon), fill=tuple(int(part * 0.6) for part in wall))


def _boxes(pen: Pen, dice: random.Random, left: int, bottom: int, columns: int, rows: int) -> None:
    for column in range(columns):
        for row in range(rows - dice.randint(0, 1)):
            wide, high = dice.randint(170, 200), dice.randint(120, 140)
            x, y = left + column * 196 + dice.randint(-8, 8), bottom - row * 132
            shade = dice.randint(-14, 14)
            pen.rectangle((x, y - high, x + wide, y), fill=(178 + shade, 140 + shade, 92 + shade), outline=(96, 72, 44))
            pen.rectangle((x, y - high // 2 - 9, x + wide, y - high // 2 + 9), fill=(206 + shade, 180, 130))
            pen.polygon(((x, y - high), (x + 26, y - high - 22), (x + wide + 26, y - high - 22), (x + wide, y - high)),
                        fill=(196 + shade, 160 + shade, 110 + shade), outline=(96, 72, 44))  # fmt: skip


def _distribution_box(pen: Pen, dice: random.Random, is_mended: bool) -> None:
    _room(pen, (186, 188, 180), (120, 116, 110), 980)
    pen.rectangle((470, 150, 1130, 860), fill=(150, 156, 160), outline=(80, 84, 88), width=8)
    if is_mended:  # its door is shut
        pen.rectangle((486, 166, 1114, 844), fill=(168, 174, 178), outline=(96, 100, 104), width=5)
        pen.rectangle((1060, 470, 1084, 550), fill=(52, 56, 60))
        pen.polygon(((800, 300), (910, 490), (690, 490)), fill=(226, 186, 30), outline=(30, 30, 30), width=8)
        pen.polygon(((812, 350), (776, 420), (800, 420), (784, 470), (830, 400), (806, 400)), fill=(30, 30, 30))
        pen.rectangle((690, 540, 910, 590), fill=(240, 240, 236), outline=(60, 60, 60), width=3)
        return
    pen.rectangle((500, 180, 1100, 830), fill=(64, 68, 72))
    pen.polygon(((1130, 150), (1390, 210), (1390, 900), (1130, 860)), fill=(168, 174, 178), outline=(80, 84, 88))
    pen.polygon(((1220, 330), (1300, 470), (1140, 460)), fill=(226, 186, 30), outline=(30, 30, 30), width=6)
    for index in range(7):
        x = 540 + index * 76
        pen.rectangle((x, 260, x + 58, 400), fill=(228, 228, 224), outline=(40, 40, 40))
        pen.rectangle((x + 16, 290, x + 42, 340), fill=(26, 26, 28) if index % 3 else (170, 30, 30))
    for _ in range(16):
        x, colour = dice.randint(540, 1060), dice.choice(((176, 32, 32), (218, 176, 24), (34, 92, 168), (40, 130, 70)))
        points = [(x + dice.randint(-120, 120) * bool(step), 400 + step * dice.randint(70, 96)) for step in range(7)]
        pen.line(points, fill=colour, width=9, joint="curve")
        end_x, end_y = points[-1]
        pen.line((end_x, end_y, end_x + 12, end_y + 34), fill=(196, 120, 60), width=7)


def _blocked_exit(pen: Pen, dice: random.Random, is_mended: bool) -> None:
    _room(pen, (206, 202, 190), (132, 126, 116), 860)
    pen.rectangle((560, 170, 1060, 862), fill=(118, 128, 122), outline=(70, 76, 74), width=12)
    pen.line((810, 170, 810, 862), fill=(70, 76, 74), width=8)
    for x in (600, 850):
        pen.rectangle((x, 520, x + 170, 556), fill=(186, 40, 36))
    pen.rectangle((640, 60, 980, 140), fill=(20, 128, 76))
    pen.rectangle((690, 84, 700, 120), fill=(240, 250, 244))
    pen.polygon(((860, 80), (920, 100), (860, 120)), fill=(240, 250, 244))
    pen.rectangle((740, 94, 866, 106), fill=(240, 250, 244))
    if is_mended:
        for x in range(470, 1060, 90):
            pen.line((x, 1120, x + 90, 900), fill=(222, 184, 40), width=14)
        pen.polygon(((470, 1120), (560, 900), (1080, 900), (1170, 1120)), outline=(222, 184, 40), width=14)
    else:
        _boxes(pen, dice, 440, 1060, 4, 4)
    pen.rectangle((1240, 470, 1310, 800), fill=(190, 28, 30))
    pen.ellipse((1240, 440, 1310, 500), fill=(190, 28, 30))
    pen.rectangle((1262, 400, 1288, 450), fill=(30, 30, 30))


def _open_edge(pen: Pen, dice: random.Random, is_mended: bool) -> None:
    for y in range(1200):
        pen.line((0, y, 1600, y), fill=(150 + y // 16, 176 + y // 24, 204 - y // 60))
    for index in range(9):
        x, top = index * 190 - 40, dice.randint(520, 720)
        pen.rectangle((x, top, x + 170, 1000), fill=(150 - index * 4, 154, 156))
        for window in range(top + 30, 980, 60):
            pen.rectangle((x + 24, window, x + 60, window + 30), fill=(96, 112, 126))
            pen.rectangle((x + 100, window, x + 136, window + 30), fill=(96, 112, 126))
    pen.polygon(((0, 820), (1600, 960), (1600, 1200), (0, 1200)), fill=(156, 152, 144))
    pen.polygon(((0, 820), (1600, 960), (1600, 990), (0, 856)), fill=(108, 104, 98))
    for x in (90, 360, 620, 1340, 1540):
        pen.rectangle((x, 300, x + 22, 900 + x // 14), fill=(196, 150, 40))
    for y in (380, 620):
        pen.line((90, y, 640, y + 46), fill=(206, 160, 46), width=16)
        pen.line((1340, y + 110, 1600, y + 132), fill=(206, 160, 46), width=16)
    if is_mended:  # the gap is closed
        for x in (860, 1100):
            pen.rectangle((x, 300, x + 22, 900 + x // 14), fill=(196, 150, 40))
        for y in (426, 666):
            pen.line((640, y, 1340, y + 64), fill=(206, 160, 46), width=16)
    for _ in range(26):
        x, y = dice.randint(0, 1560), dice.randint(1010, 1180)
        pen.polygon(((x, y), (x + 40, y - 18), (x + 62, y + 8), (x + 18, y + 20)), fill=(120, 112, 100))


def _oil_on_stairs(pen: Pen, dice: random.Random, is_mended: bool) -> None:
    _room(pen, (172, 178, 176), (112, 110, 106), 420)
    for index in range(9):
        y, inset = 420 + index * 88, 330 - index * 36
        pen.rectangle((inset, y, 1600 - inset, y + 52), fill=(154 - index * 4, 152 - index * 4, 146 - index * 4))
        pen.rectangle((inset, y + 52, 1600 - inset, y + 88), fill=(96, 94, 90))
        is_striped = is_mended or index < 6
        pen.rectangle((inset, y, 1600 - inset, y + 9), fill=(214, 178, 40) if is_striped else (140, 136, 128))
    for x in (250, 1350):
        pen.line((x, 90, x + (x - 800) // 2, 1200), fill=(60, 74, 90), width=26)
    if is_mended:
        return
    for _ in range(40):
        left, top = dice.gauss(860, 170), dice.gauss(780, 120)
        wide = dice.randint(30, 130)
        pen.ellipse((left - wide, top - wide * 0.32, left + wide, top + wide * 0.32), fill=(44, 40, 34))
    pen.ellipse((760, 720, 900, 752), fill=(92, 90, 84))


def _gas_pipe(pen: Pen, dice: random.Random, is_mended: bool) -> None:
    _room(pen, (214, 208, 192), (126, 120, 112), 1010)
    for x in range(0, 1600, 150):
        pen.line((x, 0, x, 1010), fill=(196, 190, 174), width=5)
    for y in range(0, 1010, 150):
        pen.line((0, y, 1600, y), fill=(196, 190, 174), width=5)
    pen.rectangle((0, 300, 1600, 362), fill=(218, 176, 30))
    pen.rectangle((0, 344, 1600, 362), fill=(168, 130, 20))
    pen.rectangle((760, 300, 822, 1010), fill=(218, 176, 30))
    pen.ellipse((700, 560, 882, 742), fill=(150, 40, 34), outline=(80, 20, 18), width=12)
    pen.rectangle((782, 470, 800, 830), fill=(92, 92, 90))
    pen.rectangle((1120, 620, 1500, 1010), fill=(84, 88, 92), outline=(50, 52, 54), width=8)
    pen.ellipse((1210, 690, 1410, 890), fill=(40, 42, 44))
    if is_mended:
        return
    for _ in range(90):  # rust
        left, top = dice.gauss(790, 60), dice.gauss(430, 70)
        pen.ellipse((left - 12, top - 9, left + 14, top + 10), fill=(150 + dice.randint(-20, 20), 78, 34))
    pen.polygon(((1250, 880), (1300, 740), (1330, 820), (1360, 760), (1380, 880)), fill=(236, 130, 30))


SCENES: dict[str, Callable[[Pen, random.Random, bool], None]] = {
    "distribution box": _distribution_box,
    "blocked exit": _blocked_exit,
    "open edge": _open_edge,
    "oil on stairs": _oil_on_stairs,
    "gas pipe": _gas_pipe,
}
