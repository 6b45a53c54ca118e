"""Text to terms: the one analysis that documents, queries and highlights share."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import Stemmer

LANGUAGES = ("el", "en")
DATA = Path(__file__).parent / "data"
LONGEST_ACRONYM = 10
LONGEST_TERM = 60  # characters; a longer "word" is cut, so that no input makes a large term

# Α.Π.Θ., Κ.Ε.Μ and ΑΝ.ΚΑ. are one word; so are 1.200 and 49,170; any other word is a run of
# letters, digits and their combining accents.
_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?"
    r"|(?:[A-ZΑ-Ω]{1,3}\.){2,}(?:[A-ZΑ-Ω]{1,3}(?!\w))?"
    r"|\d+(?:[.,]\d{3})+(?![\w.,]?\d)"
    r"|[^\W_](?:[^\W_]|[\u0300-\u036f])*"
)
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
# Letters that Unicode does not decompose into a base letter and an accent.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h"}
    | {"Ø": "O", "Đ": "D", "Ł": "L", "Æ": "AE", "Œ": "OE", "Ð": "D", "Þ": "TH", "Ħ": "H"}
)


class Token(NamedTuple):
    """A word of a text: its term, where it stands in the text, and how it was written."""

    term: str
    start: int
    end: int
    acronym: bool
    capital: bool


def is_greek(word: str) -> bool:
    return _GREEK.search(word) is not None


@lru_cache(maxsize=32768)
def fold(word: str) -> str:
    """The word as it is compared: compatible forms, case, accents and final sigma made one."""
    if word.isascii():
        return word.lower()[:LONGEST_TERM]
    parts = unicodedata.normalize("NFKD", word)
    bare = "".join(c for c in parts if not unicodedata.combining(c)).translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFKC", mend(bare)).casefold().replace("ς", "σ")[:LONGEST_TERM]


def mend(word: str) -> str:
    """A word typed with letters of both alphabets, in the one it was meant in.

    NOMOΣ with a Latin N, O and M becomes Greek, since Σ can only be Greek. Where every letter
    has a twin in the other alphabet, the alphabet of most letters wins.
    """
    if not (_GREEK.search(word) and _LATIN.search(word)):
        return word
    to_greek, to_latin = _twins()
    greek = sum(1 for c in word if _GREEK.match(c))
    latin = sum(1 for c in word if _LATIN.match(c))
    can_be_greek = all(c in to_greek for c in word if _LATIN.match(c))
    can_be_latin = all(c in to_latin for c in word if _GREEK.match(c))
    if can_be_greek and (greek >= latin or not can_be_latin):
        return "".join(to_greek.get(c, c) for c in word)
    if can_be_latin:
        return "".join(to_latin.get(c, c) for c in word)
    return word


@lru_cache(maxsize=1)
def _twins() -> tuple[dict[str, str], dict[str, str]]:
    to_greek: dict[str, str] = {}
    to_latin: dict[str, str] = {}
    for line in (DATA / "twins.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            greek, latin = line.split("\t")
            to_greek.setdefault(latin, greek)
            to_latin.setdefault(greek, latin)
    for greek, latin in list(to_latin.items()):
        to_greek.setdefault(latin.upper(), greek.upper())
        to_latin.setdefault(greek.upper(), latin.upper())
    return to_greek, to_latin


def tokens(text: str, labels: bool = False) -> list[Token]:
    """The words of a text in order.

    A word wholly in capitals on a line that also has small letters is an acronym; so is one that
    stands alone where `labels` are listed, which nobody writes in capitals otherwise.
    """
    found: list[Token] = []
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        mixed = labels or not line.isupper()
        for match in _WORD.finditer(text, begin, end):
            bare = written = match.group()
            dotted = False
            if "." in written or "," in written:
                bare = written.replace(".", "").replace(",", "")
                dotted = not bare[0].isdigit()
            term = fold(bare)
            if term:
                capital = bare[0].isupper()
                acronym = dotted or (mixed and capital and _is_acronym(bare))
                found.append(Token(term, match.start(), match.end(), acronym, capital))
        begin = end + 1
    return found


def _is_acronym(word: str) -> bool:
    return 1 < len(word) <= LONGEST_ACRONYM and word.isupper()


_stemmers = threading.local()


def _stemmer(name: str) -> Stemmer.Stemmer:
    """This thread's stemmer: PyStemmer's objects must not be shared between threads."""
    found: Stemmer.Stemmer | None = getattr(_stemmers, name, None)
    if found is None:
        found = Stemmer.Stemmer(name, 0)
        setattr(_stemmers, name, found)
    return found


def snowball(term: str) -> str:
    """The Snowball stem of a folded term, by its script.

    Where Snowball leaves less than three letters (ταμε → τ), the term is its own stem.
    """
    if not term.isalpha() or len(term) < 4:
        return term
    stemmed: str = _stemmer("greek" if is_greek(term) else "english").stemWord(term)
    return stemmed if len(stemmed) >= 3 else term


def stem(term: str) -> str:
    """The key that the forms of a word share: the Snowball stem of its lemma.

    Snowball alone separates forms of many nouns (υπηρεσία υπηρεσίες, ενοίκιο ενοίκια) and of
    irregular words (child children); a map from such stems to the stem of the lemma joins them.
    """
    stemmed = snowball(term)
    return _one_spelling(_lemma_stems().get(stemmed, stemmed))


# British and American spellings of stems: organis and organiz, labour and labor, centr and center.
_IN_TWO_SPELLINGS = re.compile(r"(?<=\w{4})is$|(?<=\w{3})our(?=$|hood)|^centr$|^theatr$|^programm$")
_AMERICAN = {"is": "iz", "our": "or", "centr": "center", "theatr": "theater", "programm": "program"}


def _one_spelling(stemmed: str) -> str:
    return _IN_TWO_SPELLINGS.sub(lambda match: _AMERICAN[match.group()], stemmed)


# Endings of Greek nouns, adjectives and present tenses, without accents, longest first. What
# makes another word of a word (-ισμός, -ιστής, -ικός) is none of them.
_ENDINGS = re.compile(
    r"(?:ματ(?:ων|οσ|α)|ηδ(?:εσ|ων)|ομαστε|ονται|εσται|ουμε|ουνε|εται|ομαι|εσαι|εστε|"
    r"ετε|αμε|ατε|ουν|ουσ|εων|εωσ|εασ|εισ|ων|ωσ|οσ|ου|οι|ησ|εσ|ασ|υσ|αν|εα|ει|ο|η|ε|α|ω|υ)$"
)


@lru_cache(maxsize=32768)
def form(term: str) -> str:
    """The key that only the inflected forms of one word share: a Greek word less its ending.

    Narrower than `stem`, which also joins a word with those derived from it, and by Snowball's
    rules some that have nothing to do with it (λογιστής and λόγος).
    """
    if not is_greek(term):
        return stem(term)
    bare = _ENDINGS.sub("", term)
    if term.endswith(("μα", "ματα", "ματοσ", "ματων")):
        bare = term[: term.rindex("μα") + 1]
    return bare if len(bare) >= 2 else term


@lru_cache(maxsize=1)
def _lemma_stems() -> dict[str, str]:
    lines = (DATA / "lemmas" / "stems.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Folded words that a query is not searched for, as long as it has others."""
    return frozenset(word for lang in LANGUAGES for word in _listed(f"stopwords_{lang}.txt"))


@lru_cache(maxsize=1)
def asking_words() -> frozenset[str]:
    """Folded words that people ask with, which beside others tell little."""
    return frozenset(_listed("asking.txt"))


def _listed(name: str) -> list[str]:
    """The folded words of a file; a line that begins with # is a remark."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [fold(word) for line in lines if not line.startswith("#") for word in line.split()]
