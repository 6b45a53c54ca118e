"""A row of the store's view taken apart: which term stands where, and what showing it needs."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from indexer.language import Token, stop_words, tokens
from indexer.postings import LAST_POSITION, PARTS, PLACE_SHIFT
from indexer.surface import telling_labels

SHOWN = tuple(part for part in PARTS if not part.startswith("keywords"))
ROW = ("id", "version", "kind", "slug", "language", *PARTS, "names", "facets", "sort")

# Extra terms, told from words by their first letter: a word written as an acronym, the initials
# of a name that is spelled out (Ελληνικό Ανοικτό Πανεπιστήμιο), and a whole name of whom the
# document belongs to.
ACRONYM = "^"
INITIALS = "~"
OWNER = "@"
EXTRA = (ACRONYM, INITIALS, OWNER)
INITIALS_SHORTEST, INITIALS_LONGEST = 3, 6

HYPHENS = frozenset("-\u2010\u2011")
MOST_JOINED = 4
MOST_OF_A_NAME = 6  # words
ENDS_NAME = frozenset(".\n,;:()«»")
LINE_GAP = 8  # positions between two lines of keywords, so that no phrase spans them

Document = dict[str, Any]
Places = dict[str, "array[int]"]


def invert(row: Sequence[Any]) -> tuple[Places, Document]:
    """A row of the view as postings (term → places) and as the document to store.

    The stored document holds what showing a hit needs: the texts, and for each word of a text
    one number, start << 8 | length, so that highlighting never analyses a text again. Of the
    labels only what tells how their words are written.
    """
    values = dict(zip(ROW, row, strict=True))
    places: Places = {}
    spans: dict[str, bytes] = {}
    lengths = []
    for number, part in enumerate(PARTS):
        text = values[part] or ""
        count = 0
        labels = part.startswith("keywords")
        for first, line in _lines(text) if labels else [(0, text)]:
            words = tokens(line, labels)
            place = number << PLACE_SHIFT | first
            _place(words, line, place, places)
            _place_compounds(words, line, place, places)
            _place_initials(words, line, place, places)
            count += len(words)
            if part in SHOWN and words:
                packed = (t.start << 8 | min(t.end - t.start, 255) for t in words)
                spans[part] = array("I", packed).tobytes()
        lengths.append(count)
    for line in (values["names"] or "").splitlines():
        if name := owner_name(token.term for token in tokens(line)):
            places[name] = array("I", (0,))
    document = {
        "id": int(values["id"]),
        "version": int(values["version"] or 0),
        "slug": str(values["slug"] or ""),
        "language": values["language"] or "el",
        "facets": json.loads(values["facets"] or "{}"),
        "sort": json.loads(values["sort"] or "{}"),
        "texts": {part: values[part] for part in SHOWN if values[part]},
        "labels": telling_labels(f"{values['keywords_el']}\n{values['keywords_en']}"),
        "spans": spans,
        "lengths": lengths,
    }
    return places, document


def owner_name(words: Iterable[str]) -> str:
    """The term of a whole name that consists of these words; empty where they are no name."""
    telling = [word for word in words if word not in stop_words()]
    return OWNER + " ".join(telling) if 0 < len(telling) <= MOST_OF_A_NAME else ""


def title_words(title: str) -> Places:
    """The words of a title, compounds among them, with their positions in it."""
    words = tokens(title)
    places: Places = {}
    _place(words, title, 0, places)
    _place_compounds(words, title, 0, places)
    return places


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with the position of its first word; no line has more words than letters."""
    position = 0
    for line in text.split("\n"):
        yield position, line
        position += len(line) // 2 + LINE_GAP


def _place(words: list[Token], text: str, place: int, places: Places) -> None:
    for position, token in enumerate(words[: LAST_POSITION - MOST_JOINED], start=place):
        found = places.get(token.term)
        if found is None:
            places[token.term] = array("I", (position,))
        else:
            found.append(position)
        if token.acronym:
            _add(places, ACRONYM + token.term, position)


def _place_compounds(words: list[Token], text: str, place: int, places: Places) -> None:
    """Words joined by hyphens as one word more (co-design → codesign), at the first one."""
    if HYPHENS.isdisjoint(text):
        return
    joined = 0
    for number, token in enumerate(words):
        joined += 1
        following = words[number + 1] if number + 1 < len(words) else None
        if following and text[token.end : following.start] in HYPHENS and joined < MOST_JOINED:
            continue
        if joined > 1:
            first = number + 1 - joined
            compound = "".join(word.term for word in words[first : number + 1])
            _add(places, compound, place + first)
        joined = 0


def _place_initials(words: list[Token], text: str, place: int, places: Places) -> None:
    """Terms of the initials of names, which are words with a capital one after the other.

    Small words between them (του, of) neither count nor end the name.
    """
    name: list[tuple[int, str]] = []
    end = 0
    for position, token in enumerate(words, start=place):
        if not token.capital:
            if name and token.term not in stop_words():
                name = []
            continue
        if name and not ENDS_NAME.isdisjoint(text[end : token.start]):
            name = []
        end = token.end
        name.append((position, token.term[0]))
        for size in range(INITIALS_SHORTEST, min(len(name), INITIALS_LONGEST) + 1):
            initials = "".join(letter for _, letter in name[-size:])
            _add(places, INITIALS + initials, name[-size][0])


def _add(places: Places, term: str, place: int) -> None:
    places.setdefault(term, array("I")).append(place)
