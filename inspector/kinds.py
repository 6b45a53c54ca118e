"""The kinds of files that may be uploaded, and how each is known by its first bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["image", "pdf", "ooxml", "odf"]
ZIP = b"PK\x03\x04"
# The end of the name of an image's smaller copy, which stands beside the image.
PREVIEW = ".small"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Kind:
    """One kind of file; the first of its extensions is the one that it gets."""

    code: str
    family: Family
    media_type: str
    extensions: tuple[str, ...]


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KINDS = (
    Kind("pdf", "pdf", "application/pdf", ("pdf",)),
    Kind("docx", "ooxml", _WORD, ("docx",)),
    Kind("xlsx", "ooxml", _EXCEL, ("xlsx",)),
    Kind("odt", "odf", "application/vnd.oasis.opendocument.text", ("odt",)),
    Kind("jpeg", "image", "image/jpeg", ("jpg", "jpeg")),
    Kind("png", "image", "image/png", ("png",)),
    Kind("webp", "image", "image/webp", ("webp",)),
)
BY_CODE = {kind.code: kind for kind in KINDS}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}
BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}


def by_name(name: str) -> Kind | None:
    """The kind that a file's name promises."""
    return BY_EXTENSION.get(name.rpartition(".")[2].lower() if "." in name else "")


def image_by_content(head: bytes) -> Kind | None:
    """The kind of image that begins with these bytes."""
    if head.startswith(b"\xff\xd8\xff"):
        return BY_EXTENSION["jpg"]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return BY_EXTENSION["png"]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return BY_EXTENSION["webp"]
    return None


def is_heic(head: bytes) -> bool:
    """Whether this is a photo as recent telephones keep them, which few programs can show."""
    return head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif")
