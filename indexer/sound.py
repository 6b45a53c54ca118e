"""How Greek words sound, and what a word in Latin letters may spell in Greek.

Greek writes one sound in many ways (ι η υ ει οι; ο ω; ε αι), which is where people slip, and
every Latin transcription keeps the sound and loses the letter. So both meet in one key.
The Latin spellings follow ISO 843/ELOT 743 and the conventions collected in
skroutz/elasticsearch-analysis-greeklish (see data/SOURCE.txt).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

from indexer.language import fold, is_greek

MOST_READINGS = 96
LONGEST = 24  # letters; nobody types a longer word in Greeklish, and readings multiply

# Longest first: what two letters spell together, then single letters.
_GREEK_SOUNDS = {
    "ου": "u", "αι": "e", "ει": "i", "οι": "i", "υι": "i", "αυ": "av", "ευ": "ev", "ηυ": "iv",
    "μπ": "b", "ντ": "d", "γκ": "g", "γγ": "g", "γχ": "nx",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "8", "ι": "i",
    "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "ks", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
    "τ": "t", "υ": "i", "φ": "f", "χ": "x", "ψ": "ps", "ω": "o",
}  # fmt: skip
# Latin letters with each Greek sound that they may stand for, the likeliest first.
_LATIN_SOUNDS = {
    "ou": ("u",), "oy": ("u", "og"), "ai": ("e", "ai"), "ei": ("i",), "oi": ("i", "oi"),
    "au": ("av",), "ay": ("av", "ag"), "av": ("av",), "af": ("av", "af"),
    "eu": ("ev",), "ey": ("ev", "eg"), "ev": ("ev",), "ef": ("ev", "ef"),
    "nth": ("n8", "di"), "yi": ("i", "gi"),
    "mp": ("b",), "nt": ("d",), "gk": ("g",), "gg": ("g",), "ng": ("g", "ng"), "nk": ("g", "nk"),
    "gh": ("g", "gi"), "gx": ("nx",), "nch": ("nx",), "dh": ("d", "di"),
    "th": ("8", "ti"), "ch": ("x",), "kh": ("x", "ki"), "ph": ("f", "pi"), "ks": ("ks",),
    "a": ("a",), "b": ("v", "b"), "c": ("k", "s"), "d": ("d",), "e": ("e",), "f": ("f",),
    "g": ("g",), "h": ("i", "x"), "i": ("i",), "j": ("z", "ks"), "k": ("k",), "l": ("l",),
    "m": ("m",), "n": ("n",), "o": ("o",), "p": ("p",), "q": ("k", "8"), "r": ("r",),
    "s": ("s",), "t": ("t",), "u": ("i", "u"), "v": ("v",), "w": ("o",), "x": ("x", "ks"),
    "y": ("i", "g"), "z": ("z",), "0": ("o",), "3": ("ks",), "4": ("ps",), "8": ("8",),
    "9": ("8",),
}  # fmt: skip
_GREEK = re.compile("|".join(sorted(_GREEK_SOUNDS, key=len, reverse=True)))
_LATIN = re.compile("|".join(sorted(_LATIN_SOUNDS, key=len, reverse=True)) + "|.")
_DOUBLED = re.compile(r"(ks|ps|.)\1+")


@lru_cache(maxsize=8192)
def greek_sound(term: str) -> str:
    """The sound of a folded Greek word: προσφυγων, προσφηγον → prosfigon."""
    return _single(_GREEK.sub(lambda match: _GREEK_SOUNDS[match.group()], term))


@lru_cache(maxsize=1024)
def greeklish_sounds(term: str) -> tuple[str, ...]:
    """Every sound that a folded word in Latin letters may have as Greek, likeliest first."""
    if len(term) > LONGEST or not term.isascii() or not any(c.isalpha() for c in term):
        return ()
    pieces = [_LATIN_SOUNDS.get(piece, (piece,)) for piece in _LATIN.findall(term)]
    found: dict[str, None] = {}
    for number, reading in enumerate(product(*reversed(pieces))):
        if number >= MOST_READINGS * 4 or len(found) >= MOST_READINGS:
            break
        found[_single("".join(reversed(reading)))] = None
    return tuple(found)


def _single(sound: str) -> str:
    return _DOUBLED.sub(r"\1", sound)


def sound(term: str) -> str:
    """The key under which a term of the index is found by ear: doubled letters are one."""
    return greek_sound(term) if is_greek(term) else _single(term.replace("ph", "f"))


# The key under each letter on a Greek keyboard, as on the Latin one; q is the accent's, which
# with Latin letters is the semicolon's.
_KEYS_LATIN = "ertyuiopasdfghjklzxcvbnmwq"
_KEYS_GREEK = "ερτυθιοπασδφγηξκλζχψωβνμς;"
_TO_GREEK = str.maketrans(_KEYS_LATIN, _KEYS_GREEK)
_TO_LATIN = str.maketrans(_KEYS_GREEK, _KEYS_LATIN)


def other_layout(typed: str) -> str:
    """The term that the same keys give with the keyboard set to the other alphabet."""
    if typed.isascii():
        return fold(typed.lower().replace(";", "").translate(_TO_GREEK))
    bare = "".join(c for c in unicodedata.normalize("NFD", typed) if not unicodedata.combining(c))
    return fold(bare.lower().translate(_TO_LATIN))
