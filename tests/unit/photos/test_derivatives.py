"""What is shown of a photo: upright, sRGB, small enough, free of metadata; and a fingerprint that finds it again."""

import io
from collections.abc import Callable

import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from server.photos.pictures import decoding, png_rows
from server.photos.pictures.derivatives import DISPLAY_SIDE, THUMBNAIL_SIDE, derive
from server.photos.pictures.derived import Derivatives
from server.photos.pictures.limited import Undecodable
from tests.support import images
from tests.support.examples import examples

CAP = 100_000_000
CORNERS = {"red": (255, 0, 0), "green": (0, 160, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
TOWARDS_UPRIGHT = {  # what PIL must do to a stored picture of that orientation
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
INVERSE = {Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270}


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def four_corners(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Red and green above, blue and white below."""
    image = Image.new("RGB", size)
    half = (size[0] // 2, size[1] // 2)
    places = [(0, 0), (half[0], 0), (0, half[1]), half]
    for colour, place in zip(CORNERS.values(), places, strict=True):
        image.paste(colour, (*place, place[0] + half[0], place[1] + half[1]))
    return image


def corners(jpeg: bytes) -> list[str]:
    """The names of the colours top left, top right, bottom left, bottom right."""
    image = Image.open(io.BytesIO(jpeg)).convert("RGB")
    width, height = image.size
    found = []
    for x, y in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
        pixel = np.array(image.getpixel((int(width * x), int(height * y))), dtype=int)
        found.append(min(CORNERS, key=lambda name: int(np.abs(pixel - CORNERS[name]).sum())))
    return found


def stored_turned(orientation: int) -> Image.Image:
    """Four corners as a camera with that orientation stores them."""
    turn = TOWARDS_UPRIGHT.get(orientation)
    return four_corners().transpose(INVERSE.get(turn, turn)) if turn is not None else four_corners()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation: int) -> None:
    content = encoded(stored_turned(orientation), "JPEG", quality=95, exif=images.exif(orientation))
    made = derive(content, "image/jpeg", CAP)
    assert (made.width, made.height) == (400, 300)
    for picture in (made.display, made.thumbnail):
        assert corners(picture) == ["red", "green", "blue", "white"]


def test_a_turned_heic_comes_out_upright_once() -> None:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(stored_turned(6)).save(buffer, quality=90, exif=images.exif(6).tobytes())
    made = derive(buffer.getvalue(), "image/heic", CAP)
    shown = Image.open(io.BytesIO(made.display))
    assert shown.size == (made.width, made.height)
    assert corners(made.display) == corners(encoded(_as_heif_shows(buffer.getvalue()), "JPEG", quality=95))


def _as_heif_shows(content: bytes) -> Image.Image:
    """What libheif itself takes for upright."""
    return pillow_heif.open_heif(content).to_pillow()


SIZES = [((4000, 3000), (1600, 1200), (320, 240)), ((1000, 2500), (640, 1600), (128, 320)), ((200, 100),) * 3]


@pytest.mark.parametrize(("size", "display", "thumbnail"), SIZES, ids=["wide", "high", "small"])
def test_pictures_are_fitted_but_never_enlarged(
    size: tuple[int, int], display: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    made = derive(encoded(images.picture(1, size), "JPEG"), "image/jpeg", CAP)
    assert Image.open(io.BytesIO(made.display)).size == display
    assert Image.open(io.BytesIO(made.thumbnail)).size == thumbnail
    assert max(display) <= DISPLAY_SIDE
    assert max(thumbnail) <= THUMBNAIL_SIDE


@pytest.mark.parametrize("make", [images.jpeg, images.heic], ids=["jpeg", "heic"])
def test_nothing_but_pixels_is_left(make: Callable[[], images.Sample]) -> None:
    sample = make()
    made = derive(sample.content, sample.media_type, CAP)
    for picture in (made.display, made.thumbnail):
        with Image.open(io.BytesIO(picture)) as image:
            assert image.format == "JPEG"
            assert image.mode == "RGB"
            assert not image.getexif()
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"HUAWEI" not in picture


def wide_gamut_profile() -> bytes:
    """A profile with red and green exchanged: easy to see whether it was obeyed."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tmp1", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"tmp1", b"gXYZ", 1)
    return swapped.replace(b"s\0R\0G\0B", b"t\0e\0s\0t")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_embedded_profile_is_obeyed(kind: str) -> None:
    profile = wide_gamut_profile()
    assert b"rXYZ" in profile
    red = Image.new("RGB", (200, 200), (230, 20, 20))
    made = derive(encoded(red, kind, icc_profile=profile, quality=95), f"image/{kind.lower()}", CAP)
    pixel = Image.open(io.BytesIO(made.display)).convert("RGB").getpixel((100, 100))
    assert isinstance(pixel, tuple)
    assert pixel[1] > 180 > 80 > pixel[0]  # the profile says: what is stored as red is green


def test_a_broken_profile_is_ignored() -> None:
    made = derive(encoded(four_corners(), "JPEG", icc_profile=b"not a profile" * 20), "image/jpeg", CAP)
    assert corners(made.display) == ["red", "green", "blue", "white"]


def sixteen_bit_grey() -> Image.Image:
    grey = np.full((120, 160), 60_000, dtype=np.uint16)
    grey[:60, :80] = 5_000
    return Image.fromarray(grey)


def see_through() -> Image.Image:
    """Black, but only its top left quarter is there."""
    image = Image.new("RGBA", (160, 120), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 80, 60))
    return image


EIGHT_BIT_GREY = sixteen_bit_grey().point(lambda value: value / 256).convert("L")
UNUSUAL = {
    "16 bits": (encoded(sixteen_bit_grey(), "PNG"), "image/png"),
    "alpha": (encoded(see_through(), "PNG"), "image/png"),
    "alpha webp": (encoded(see_through(), "WEBP", lossless=True), "image/webp"),
    "grey alpha": (encoded(see_through().convert("LA"), "PNG"), "image/png"),
    "palette with a hole": (encoded(see_through().quantize(4), "PNG"), "image/png"),
    "grey jpeg": (encoded(EIGHT_BIT_GREY, "JPEG"), "image/jpeg"),
    "cmyk jpeg": (
        encoded(EIGHT_BIT_GREY.convert("CMYK"), "JPEG"),
        "image/jpeg",
    ),
    "bits": (encoded(see_through().split()[3].point(lambda value: 255 - value).convert("1"), "PNG"), "image/png"),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_colours_are_shown_as_meant(name: str) -> None:
    """Dark top left, light elsewhere, whatever way it is stored."""
    made = derive(*UNUSUAL[name], CAP)
    shown = np.asarray(Image.open(io.BytesIO(made.display)).convert("L"), dtype=int)
    assert shown[30, 40] < 60
    assert shown[90, 120] > 190


@pytest.mark.parametrize("size", [(1, 1), (30_000, 1), (1, 30_000), (3, 5000)], ids=str)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_of_odd_shapes_are_shown_too(kind: str, size: tuple[int, int]) -> None:
    made = derive(encoded(Image.new("RGB", size, "red"), kind), f"image/{kind.lower()}", CAP)
    assert (made.width, made.height) == size
    assert max(Image.open(io.BytesIO(made.thumbnail)).size) == min(THUMBNAIL_SIDE, max(size))


def test_large_pictures_of_any_kind_are_fitted() -> None:
    big = images.picture(3, (3300, 2200))
    for content, media_type in (
        (encoded(big.convert("P"), "PNG"), "image/png"),
        (encoded(big.convert("CMYK"), "JPEG"), "image/jpeg"),
        (encoded(big, "WEBP", quality=50), "image/webp"),
    ):
        assert Image.open(io.BytesIO(derive(content, media_type, CAP).display)).size == (1600, 1067)


def speckled(mode: str) -> Image.Image:
    """A picture in which every row differs from the one above, so that an encoder uses all its filters."""
    grain = np.random.default_rng(3).integers(0, 256, (31, 41, 4), dtype=np.uint8)
    image = Image.fromarray(grain).resize((203, 157), Image.Resampling.BICUBIC)
    return image.convert("RGB").convert("P") if mode == "P" else image.convert(mode)


BY_ROWS = {
    **{mode: encoded(speckled(mode), "PNG") for mode in ("L", "LA", "RGB", "RGBA", "P", "1")},
    "16 bits": encoded(sixteen_bit_grey().resize((203, 157)), "PNG"),
    "4 bits": encoded(speckled("RGB").quantize(9), "PNG", bits=4),
    "a colour that is a hole": encoded(speckled("RGB"), "PNG", transparency=(200, 10, 10)),
    "a palette with a hole": encoded(speckled("P"), "PNG", transparency=3),
}


@pytest.mark.parametrize("kind", BY_ROWS)
def test_a_large_png_looks_the_same_when_it_is_decoded_by_rows(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = decoding.decode(BY_ROWS[kind], "image/png", at_least=50, max_pixels=CAP)
    monkeypatch.setattr(decoding, "ROWS_ABOVE", 0)
    monkeypatch.setattr(png_rows, "PART", 5000)
    monkeypatch.setattr(decoding, "_shrunk", None)  # not asked for
    by_rows = decoding.decode(BY_ROWS[kind], "image/png", at_least=50, max_pixels=CAP)
    assert (by_rows.pixels == whole.pixels).all()
    monkeypatch.undo()
    monkeypatch.setattr(decoding, "ROWS_ABOVE", 0)
    with pytest.raises(Undecodable):
        decoding.decode(BY_ROWS[kind][:-80], "image/png", at_least=50, max_pixels=CAP)


def test_the_cap_on_pixels_holds_in_the_decoder_too() -> None:
    for sample in (images.jpeg(size=(300, 200)), images.png(), images.webp(), images.heic()):
        with pytest.raises(Undecodable):
            derive(sample.content, sample.media_type, 50_000)


@pytest.mark.parametrize(
    "sample", [images.truncated(images.png()), images.truncated(images.heic()), images.disguised()]
)
def test_what_cannot_be_decoded_is_said_to_be_so(sample: images.Sample) -> None:
    with pytest.raises(Undecodable):
        derive(sample.content, sample.media_type, CAP)


WHOLE = [
    (encoded(images.picture(1, (96, 64)), "JPEG", exif=images.exif()), "image/jpeg"),
    (encoded(images.picture(1, (96, 64)).convert("CMYK"), "JPEG"), "image/jpeg"),
    (encoded(images.picture(1, (96, 64)), "PNG", exif=images.exif()), "image/png"),
    (encoded(images.picture(1, (96, 64)).convert("P"), "PNG"), "image/png"),
    (encoded(images.picture(1, (96, 64)), "WEBP", exif=images.exif()), "image/webp"),
    (images.heic(size=(96, 64)).content, "image/heic"),
]


@given(data=st.data())
@hypothesis_settings(max_examples=examples(75, full=300), deadline=None)
def test_a_mangled_photo_is_derived_or_called_undecodable(data: st.DataObject) -> None:
    whole, media_type = data.draw(st.sampled_from(WHOLE))
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = derive(bytes(content), media_type, 1_000_000)
    except Undecodable:
        return
    assert made.display.startswith(b"\xff\xd8")


def distance(one: Derivatives, two: Derivatives) -> int:
    return ((one.fingerprint ^ two.fingerprint) & (1 << 64) - 1).bit_count()


def test_a_copy_that_was_shrunk_and_compressed_again_has_nearly_the_same_fingerprint() -> None:
    original = images.picture(7, (1600, 1200))
    copy = encoded(original.resize((800, 600)), "WEBP", quality=50)
    one = derive(encoded(original, "JPEG", quality=92), "image/jpeg", CAP)
    two = derive(copy, "image/webp", CAP)
    assert distance(one, two) <= 6
    assert -(1 << 63) <= one.fingerprint < 1 << 63


def test_different_photos_have_distant_fingerprints() -> None:
    made = [derive(encoded(images.picture(seed, (800, 600)), "JPEG"), "image/jpeg", CAP) for seed in range(8)]
    assert min(distance(one, two) for one in made for two in made if one is not two) > 12
