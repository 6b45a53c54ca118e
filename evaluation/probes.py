"""Titles of the demo library spoilt in the ways that people type: how robust is finding?

From each title its three longest words are asked for, in order, and the practice of that title is
the answer. The ways follow rules, so nothing here was chosen by what the index can do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from indexer.language import fold, stop_words, tokens

WORDS = 3
SHORTEST_SPOILT = 5  # letters; a slip in a shorter word may make another word of it

# Three conventions of writing Greek in Latin letters: the official transcription (ELOT 743), by
# the look of the letters, and by their sound; pairs of letters first.
_LATIN = "a v g d e z i th i k l m n x o p r s t y f ch ps o".split()
_ELOT = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _LATIN, strict=True))
_ELOT = {"ου": "ou", "αυ": "av", "ευ": "ev", **_ELOT}
_LOOK = {**_ELOT, "ου": "ou", "αυ": "au", "ευ": "eu", "β": "b", "η": "h", "θ": "8", "ξ": "3",
         "υ": "u", "χ": "x", "ψ": "4", "ω": "w"}  # fmt: skip
_EAR = {"ει": "i", "οι": "i", "αι": "e", "μπ": "b", "ντ": "d", "γκ": "g", "γγ": "g", **_ELOT,
        "υ": "i", "ξ": "ks", "χ": "h"}  # fmt: skip
_KEYS = dict(zip("ερτυθιοπασδφγηξκλζχψωβνμσ", "ertyuiopasdfghjklzxcvbnmw", strict=True))
_KEYS["σ"] = "s"
_SPELLINGS = {"ει": "ι", "οι": "ι", "αι": "ε", "η": "ι", "υ": "ι", "ω": "ο"}
_TWINS = str.maketrans("αοικντ", "aoikvt")


def _respelt(word: str, letters: dict[str, str]) -> str:
    text, at = "", 0
    while at < len(word):
        size = 2 if word[at : at + 2] in letters else 1
        text += letters.get(word[at : at + size], word[at : at + size])
        at += size
    return text


def _misspelt(word: str) -> str:
    """The last sound of the stem that is written in several ways, written in the simplest."""
    for at in range(len(word) - 3, 0, -1):
        for size in (2, 1):
            simple = _SPELLINGS.get(word[at : at + size])
            if simple:
                return word[:at] + simple + word[at + size :]
    return word


def _slip(word: str) -> str:
    """A letter left out, doubled, or swapped with the next, as the word's hash decides."""
    chance = int(hashlib.sha256(word.encode()).hexdigest(), 16)
    at = 1 + chance % (len(word) - 3)
    first, second = word[at], word[at + 1]
    return (
        word[:at] + (second, first * 2 + second, second + first)[chance // 97 % 3] + word[at + 2 :]
    )


def _longest(spoil: Callable[[str], str]) -> Callable[[list[str]], str]:
    """Spoil the longest word alone."""

    def text(words: list[str]) -> str:
        longest = max(words, key=len)
        return " ".join(
            spoil(w) if w == longest and len(w) >= SHORTEST_SPOILT else w for w in words
        )

    return text


def _each(spoil: Callable[[str], str]) -> Callable[[list[str]], str]:
    return lambda words: " ".join(map(spoil, words))


def _unfinished(words: list[str]) -> str:
    last = words[-1]
    return " ".join([*words[:-1], last[: max(4, len(last) * 2 // 3)]])


WAYS: dict[str, dict[str, Callable[[list[str]], str]]] = {
    "el": {
        "el-unaccented": " ".join,
        "el-capitals": _each(str.upper),
        "el-unfinished": _unfinished,
        "el-slip": _longest(_slip),
        "el-misspelt": _each(_misspelt),
        "el-mixed-alphabets": _each(lambda word: word.translate(_TWINS)),
        "el-wrong-layout": _each(lambda word: _respelt(word, _KEYS)),
        "greeklish-elot": _each(lambda word: _respelt(word, _ELOT)),
        "greeklish-look": _each(lambda word: _respelt(word, _LOOK)),
        "greeklish-ear": _each(lambda word: _respelt(word, _EAR)),
    },
    "en": {
        "en-as-written": " ".join,
        "en-unfinished": _unfinished,
        "en-slip": _longest(_slip),
    },
}


def probes(titles: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """Way, text, language and slug of every probe of (slug, Greek title, English title)."""
    for slug, *both in titles:
        for language, title in zip(("el", "en"), both, strict=True):
            terms = [fold(token.term) for token in tokens(title)]
            terms = [term for term in terms if term.isalpha() and term not in stop_words()]
            kept = set(sorted(terms, key=lambda term: (-len(term), term))[:WORDS])
            words = [term for term in dict.fromkeys(terms) if term in kept]
            for way, spoil in WAYS[language].items():
                yield way, spoil(words), language, slug
