"""Images: decoded within limits, turned upright, made smaller, and written anew without notes."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, UnidentifiedImageError

from inspector.findings import Finding, Refused
from inspector.kinds import PREVIEW, Kind
from inspector.limits import LONGEST_SIDE, PIXELS, PREVIEW_SIDE

FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
OPTIONS: dict[str, dict[str, object]] = {
    "jpeg": {"quality": 85, "optimize": True, "progressive": True},
    "png": {"optimize": True},
    "webp": {"quality": 85, "method": 4},
}
# By the value of the tag that cameras note when they are held sideways.
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def write_anew(source: Path, into: Path, kind: Kind) -> Finding:
    """Write the image to ``into`` as pixels alone: no EXIF, no comments, no profile, no tail.

    Of a moving image the first picture is kept. A large one gets a smaller copy beside it, whose
    name ends in PREVIEW. Raises Refused.
    """
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        with _opened(source, FORMATS[kind.code]) as image:
            if image.width * image.height > PIXELS:
                raise Refused("too-many-pixels")
            turn = _turn(image)
            small = _in_plain_colours(_small(image))
            upright = small.transpose(turn) if turn is not None else small
            upright.info.clear()
            upright.save(into, FORMATS[kind.code], **OPTIONS[kind.code])
            finding = Finding(kind.code, width=upright.width, height=upright.height)
            _write_preview(upright, into.with_name(into.name + PREVIEW), kind)
            return finding
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too-many-pixels") from error
    except UnidentifiedImageError as error:
        raise Refused("unreadable") from error


def _opened(source: Path, form: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(source, formats=[form])


def _write_preview(image: Image.Image, into: Path, kind: Kind) -> None:
    if max(image.size) > PREVIEW_SIDE:
        image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        image.save(into, FORMATS[kind.code], **OPTIONS[kind.code])


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How the camera was held, if its notes can be read: a picture is a picture without them."""
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return None


def _small(image: Image.Image) -> Image.Image:
    """The picture in at most LONGEST_SIDE pixels; of a JPEG no more is decoded than is needed."""
    share = min(1.0, LONGEST_SIDE / max(image.size))
    image.draft(None, (max(1, int(image.width * share)), max(1, int(image.height * share))))
    image.load()
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """The picture in sRGB, or in greys: what every browser shows without a profile."""
    profile = image.info.get("icc_profile")
    see_through = image.has_transparency_data
    grey = image.mode in ("1", "L", "LA", "I", "I;16", "F")
    mode = {(True, True): "RGBA", (True, False): "L", (False, True): "RGBA"}.get(
        (grey, see_through), "RGB"
    )
    if profile and image.mode in ("RGB", "CMYK"):
        image = _from_profile(image, profile)
    return image if image.mode == mode else image.convert(mode)


def _from_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image
