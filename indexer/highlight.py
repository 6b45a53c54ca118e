"""What a hit shows: title, summary and the best passage, with the matched words marked."""

from __future__ import annotations

from array import array
from bisect import bisect_left

from indexer.document import Document
from indexer.model import Fragment
from indexer.postings import LAST_POSITION, PARTS, PLACE_SHIFT

PASSAGE_WORDS = 36
# A passage with more breaks between paragraphs is a list, not text.
MOST_BREAKS = 1
BREAK = "\n\n"
# Words shown before the first that matched.
LEAD_WORDS = 5
ELLIPSIS = "…"

# Positions of matched words in a part, each with the number of the query's word.
Marks = dict[int, int]


def marks_by_part(places: list[tuple[int, int]]) -> dict[str, Marks]:
    """Sort one document's matched places, (place, query word) each, by the part they are in."""
    found: dict[str, Marks] = {}
    for place, word in places:
        found.setdefault(PARTS[place >> PLACE_SHIFT], {})[place & LAST_POSITION] = word
    return found


def whole(document: Document, part: str, marks: Marks) -> list[Fragment]:
    """A whole text with its matched words marked."""
    text = document["texts"].get(part, "")
    return _fragments(text, _spans(document, part), marks, 0, len(text))


def passage(document: Document, part: str, marks: Marks) -> list[Fragment]:
    """The stretch of a text with the most different words of the query, else its beginning."""
    text = document["texts"].get(part, "")
    spans = _spans(document, part)
    if not spans:
        return []
    first, last = _best_window(text, spans, sorted(marks.items()))
    start = spans[first] >> 8
    end = _end(spans[last])
    # Full stops and closing quotes at the end belong to the passage.
    while end < len(text) and not text[end].isalnum() and not text[end].isspace():
        end += 1
    fragments = _fragments(text, spans, marks, start, end)
    if first > 0:
        fragments.insert(0, (ELLIPSIS, False))
    if last < len(spans) - 1:
        fragments.append((ELLIPSIS, False))
    return _joined(fragments)


def _best_window(text: str, spans: array[int], marks: list[tuple[int, int]]) -> tuple[int, int]:
    """First and last word of the best passage.

    Most different query words come first; of equals, sentences before a list such as the sources
    at the end, whose lines are paragraphs of a few words; then most marks.
    """
    best, window = (0, 0, 0), _window(0, len(spans))
    positions = [position for position, _ in marks]
    for number, (position, _) in enumerate(marks):
        beyond = bisect_left(positions, position + PASSAGE_WORDS - LEAD_WORDS - 1)
        inside = marks[number:beyond]
        different = len({word for _, word in inside})
        if different < best[0]:
            continue
        first, last = _window(_lead(text, spans, position), len(spans))
        breaks = text.count(BREAK, spans[first] >> 8, spans[last] >> 8)
        value = (different, -max(breaks - MOST_BREAKS, 0), len(inside))
        if value > best:
            best, window = value, (first, last)
    return window


def _lead(text: str, spans: array[int], position: int) -> int:
    """Where a passage around that word begins: a few words before it, in its own paragraph."""
    first = max(0, position - LEAD_WORDS)
    while first < position and BREAK in text[spans[first] >> 8 : spans[position] >> 8]:
        first += 1
    return first


def _window(first: int, words: int) -> tuple[int, int]:
    """As many words as a passage has, from about ``first`` on."""
    first = max(0, min(first, words - PASSAGE_WORDS))
    return first, min(first + PASSAGE_WORDS, words) - 1


def word_at(document: Document, part: str, position: int) -> str:
    """The word at a position of a text, as written; empty beyond its end."""
    spans = _spans(document, part)
    if position >= len(spans):
        return ""
    text: str = document["texts"][part]
    return text[spans[position] >> 8 : _end(spans[position])]


def _spans(document: Document, part: str) -> array[int]:
    """Where each word begins and how long it is, in one number (see document.invert)."""
    packed = array("I")
    packed.frombytes(document["spans"].get(part, b""))
    return packed


def _end(span: int) -> int:
    return (span >> 8) + (span & 255)


def _fragments(text: str, spans: array[int], marks: Marks, start: int, end: int) -> list[Fragment]:
    fragments: list[Fragment] = []
    at = start
    for position in sorted(marks):
        if position >= len(spans):
            continue
        begin, finish = spans[position] >> 8, _end(spans[position])
        if begin < at or finish > end:
            continue
        fragments.append((text[at:begin], False))
        fragments.append((text[begin:finish], True))
        at = finish
    fragments.append((text[at:end], False))
    return _joined(fragments)


def _joined(fragments: list[Fragment]) -> list[Fragment]:
    """Fragments with neighbours of one kind made one, and empty ones left out."""
    joined: list[Fragment] = []
    for text, marked in fragments:
        if not text:
            continue
        if joined and joined[-1][1] == marked:
            joined[-1] = (joined[-1][0] + text, marked)
        else:
            joined.append((text, marked))
    return joined
