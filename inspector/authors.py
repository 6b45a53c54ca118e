"""Who commented on an office file or changed it: made Author 1, Author 2, and all else kept."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from typing import Literal

from inspector import archive as archives

# name: whose each is stays to be told apart. initials: of the name before. heading: text, which
# Excel begins with the name of the comment's author. host: where an account is kept. path: of the
# file on somebody's disk, with their name in it. template: the same of the template.
How = Literal["name", "initials", "heading", "host", "path", "template"]
Names = Mapping[bytes, How]


@dataclass(frozen=True)
class Place:
    """Parts of an office file that name people: in attributes, or in elements, of these names."""

    parts: re.Pattern[str]
    attributes: Names = field(default_factory=dict)
    elements: Names = field(default_factory=dict)


PLACES = (
    Place(
        re.compile(r"word/.*\.xml", re.IGNORECASE),
        {
            b"author": "name", b"initials": "initials",
            b"userId": "name", b"userName": "name",
            b"providerId": "host", b"userProvider": "host",
        },
    ),
    Place(re.compile(r"word/_rels/settings\.xml\.rels", re.IGNORECASE), {b"Target": "template"}),
    Place(re.compile(r"xl/comments/?[^/]*\.xml", re.IGNORECASE), {},
          {b"author": "name", b"t": "heading"}),
    Place(
        re.compile(r"xl/persons/[^/]*\.xml", re.IGNORECASE),
        {b"displayName": "name", b"userId": "name", b"providerId": "host"},
    ),
    Place(re.compile(r"xl/revisions/[^/]*\.xml", re.IGNORECASE), {b"userName": "name"}),
    Place(re.compile(r"xl/workbook\.xml", re.IGNORECASE), {b"userName": "name", b"url": "path"}),
    Place(
        re.compile(r"(?:.*/)?(?:content|styles)\.xml", re.IGNORECASE),
        {},
        {b"dc:creator": "name", b"meta:creator-initials": "initials",
         b"loext:sender-initials": "initials"},
    ),
)  # fmt: skip

NO_TEMPLATE = b"Normal.dotm"  # which every Word has
# A tag and the text behind it; a “<” stands nowhere else, not even within quotation marks.
TOKEN = re.compile(
    rb"(<(?P<tag>(?:[\w.-]+:)?(?P<local>[\w.-]+))[^<>\"']*"
    rb"(?:(?:\"[^\"<]*\"|'[^'<]*')[^<>\"']*)*>)(?P<text>[^<]*)"
)
ATTRIBUTE = re.compile(
    rb"(?P<before>\s(?:[\w.-]+:)?(?P<name>[\w-]+)\s*=\s*)"
    rb"(?P<quote>[\"'])(?P<value>.*?)(?P=quote)",
    re.DOTALL,
)


class Authors:
    """The people of one file, by the order in which they are met in it."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self.last = 0

    @property
    def people(self) -> list[str]:
        return [unescape(name.decode("utf-8", "replace")) for name in self.numbers]

    def are_named_in(self, archive: zipfile.ZipFile, name: str) -> bool:
        """Whether a part would be another one without them; they are numbered from then on."""
        return sum(before != after for before, after in self._pieces(archive, name)) > 0

    def without_names(self, archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
        """A part with everybody numbered, piece by piece."""
        return (after for _before, after in self._pieces(archive, name))

    def _pieces(self, archive: zipfile.ZipFile, name: str) -> Iterator[tuple[bytes, bytes]]:
        place = next((each for each in PLACES if each.parts.fullmatch(name)), None)
        if place is None:
            return
        self.last = 0
        wanted = re.compile(b"|".join(map(re.escape, [*place.attributes, *place.elements])))
        for piece in _uncut(archives.chunks(archive, name)):
            named = wanted.search(piece)
            yield piece, TOKEN.sub(partial(self._token, place), piece) if named else piece

    def _token(self, place: Place, found: re.Match[bytes]) -> bytes:
        """A tag and its text, with everybody in them numbered."""
        tag, text = found[1], found["text"]
        if place.attributes:
            tag = ATTRIBUTE.sub(partial(self._attribute, place.attributes), tag)
        how = place.elements.get(found["tag"]) or place.elements.get(found["local"])
        return tag + (self._instead(how, text) if how else text)

    def _attribute(self, names: Names, found: re.Match[bytes]) -> bytes:
        how = names.get(found["name"])
        if how is None:
            return found[0]
        return (
            found["before"] + found["quote"] + self._instead(how, found["value"]) + found["quote"]
        )

    def _instead(self, how: How, value: bytes) -> bytes:
        if not value.strip():
            return value
        if how == "heading":
            number = self.numbers.get(value.strip().removesuffix(b":"))
            return b"Author %d:" % number if number else value
        if how == "template":
            return NO_TEMPLATE if value.lower().startswith(b"file:") else value
        if how == "name":
            self.last = self.numbers.setdefault(value, len(self.numbers) + 1)
        by_number = {"name": b"Author %d" % self.last, "initials": b"A%d" % self.last}
        return by_number.get(how, b"None" if how == "host" else b"")


def _uncut(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces that end before a tag, so that none is cut in two."""
    rest = b""
    for chunk in chunks:
        whole, sign, rest = (rest + chunk).rpartition(b"<")
        rest = sign + rest
        yield whole
    yield rest
