"""Abbreviations that nobody outside the service may know: are they spelled out somewhere?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kb.practices.advice.model import Found
from kb.practices.advice.texts import without_addresses

# Which abbreviations need no explanation, and why; "any" holds for both languages.
KNOWN_FILE = Path(__file__).with_name("known.json")

CAPITAL = "A-ZΑ-Ω"
ACRONYM = re.compile(
    rf"(?<![\w.@/\\&+-])(?:[{CAPITAL}]{{2,6}}|(?:[{CAPITAL}]\.){{2,6}})(?![\w@\\&+]|-\w|\.[{CAPITAL}])"
)
WORD = re.compile(r"[^\W\d_]{1,60}|[.;:!?·\n]")
ROMAN = re.compile(r"[ΧX]{0,3}(?:[ΙI][ΧX]|[ΙI]?V|V?[ΙI]{0,3})")
# A bracket right after words, with the abbreviation in it: Κέντρο (ΚΕΜ), Αρμοστεία (στο εξής ΥΑ).
BEFORE_IN_BRACKETS = re.compile(
    r"\w[»”\"*_]{0,3} ?\([^()\w]{0,3}"
    r"(?:(?:στο εξής|εφεξής|ή|or|also|aka|[^()\n]{3,60}[,:–-])[^\w()]{1,3})?$"
)
AFTER_IN_BRACKETS = re.compile(r"[^\w()]{0,3}(?:\)|[,:;/–-] ?\w| \w)")
# The other way round: ΚΕΜ (Κέντρο Ένταξης Μεταναστών).
BRACKETS_AFTER = re.compile(r"[»”\"*_]{0,3} ?\([^()\n]{0,30}\w+ \w")
# Beside such a word, in quotation marks, before other capitals or at the head of a title stands
# what something is called.
NAMING = (
    r"(?:έργ|προγρ[άα]μμ|πρόγραμμ|πρωτοβουλί|δίκτυ|δικτύ|πλατφόρμ|εφαρμογ|σύμπραξη|δράση|δράσης"
    r"|σωματεί|οργάνωση|οργανώσε|εταιρε|επιχείρηση|επιχείρησης|ινστιτούτ|φορέα|σύστημα|συστήματ"
    r"|εργαλεί|διαγωνισμ|φεστιβάλ|ομάδα|ομάδας|project|program|initiative|network|platform|body"
    r"|partnership|scheme|consortium|compan|enterprise|institute|organi[sz]ation|tool|system"
    r"|festival|campaign|club|group|app|application|method)\w{0,6}"
)
NAMED_BEFORE = re.compile(rf"(?<!\w){NAMING}[ \u00a0]{{1,2}}[«“\"*_‘']{{0,3}}$", re.IGNORECASE)
QUOTE_BEFORE = re.compile(r"[«“\"‘]$")
NAMED_AFTER = re.compile(rf"[»”\"*_’']{{0,3}}(?: \w{{2,20}})? {NAMING}(?!\w)", re.IGNORECASE)
HEAD_AFTER = re.compile(r" ?[:–]")
CAPITALS_BEFORE = re.compile(rf"(?<!\w)[{CAPITAL}]{{2,30}}[ -]$")
CAPITALS_AFTER = re.compile(rf"[ -][{CAPITAL}]{{2,30}}(?!\w)")
EXPLAINED = re.compile(rf"[^()]{{5,120}} \((?P<short>[{CAPITAL}]{{2,8}})\)")
# How much of the text around an abbreviation is looked at, in characters.
AROUND = 80

# Words of a name that its abbreviation may pass over.
SMALL = frozenset(
    """και κι για του της των το τα τη την τον τους τις ο η οι στο στη στην στον στα στις στους από
    με σε προς επί υπό κατά μη the of and for in on to a an at by with from de la le et für und der
    die des del""".split()
)
TO_GREEK = str.maketrans("ABEZHIKMNOPTYXΆΈΉΊΌΎΏΪΫ", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΑΕΗΙΟΥΩΙΥ")


def skeleton(word: str) -> str:
    """A word in capitals without stops and accents, whichever alphabet its A was typed with."""
    return word.upper().replace(".", "").translate(TO_GREEK)


def _known() -> Mapping[str, frozenset[str]]:
    lists = json.loads(KNOWN_FILE.read_text("utf-8"))
    words = {name: [*chain.from_iterable(groups.values())] for name, groups in lists.items()}
    return {
        language: frozenset(map(skeleton, words[language] + words["any"]))
        for language in ("el", "en")
    }


KNOWN = _known()
EVERYWHERE = frozenset().union(*KNOWN.values())


@dataclass(frozen=True)
class _Word:
    """A word in capitals; a mark that ends a sentence is an empty one."""

    letters: str
    is_capital: bool
    is_small: bool


def acronyms(text: str) -> Iterator[re.Match[str]]:
    """Words in capitals that abbreviate something: no numerals, no shouted lines."""
    shouted: dict[int, bool] = {}
    for found in ACRONYM.finditer(without_addresses(text)):
        start = text.rfind("\n", 0, found.start()) + 1
        if start not in shouted:
            shouted[start] = _is_shouted(text[start:].partition("\n")[0])
        if not (shouted[start] or ROMAN.fullmatch(found[0])):
            yield found


def _is_shouted(line: str) -> bool:
    words: list[str] = re.findall(r"[^\W\d_]{1,60}", line)
    capitals = sum(len(word) > 1 and word.isupper() for word in words)
    return capitals > 1 and 2 * capitals > len(words)


def unexplained(
    language: str,
    texts: Sequence[str],
    beside: Iterable[str],
    names: Iterable[str],
    expansions: Mapping[str, str],
) -> Iterator[tuple[int, Found]]:
    """What the texts do not spell out: the number of the first of them that has it, and where.

    It may be spelled out ``beside`` them, too; ``names`` are what something is called (see called).
    """
    known = {*KNOWN[language], *names}
    uses = [(number, found) for number, text in enumerate(texts) for found in acronyms(text)]
    for number, found in uses:
        short = skeleton(found[0])
        if short not in known and _is_bracketed(texts[number], found):
            known.add(short)
    left = [(number, found) for number, found in uses if skeleton(found[0]) not in known]
    spelled = _Spelled([*texts, *beside] if left else [])
    for number, found in left:
        short = skeleton(found[0])
        if short not in known and not spelled.has(short):
            yield number, Found(found[0], found.start(), expansions.get(short, ""))
        known.add(short)


def called(texts: Iterable[str]) -> set[str]:
    """The words in capitals that are a name in one of the texts, whatever its language."""
    names: set[str] = set()
    for text in texts:
        for found in acronyms(text):
            short = skeleton(found[0])
            if short not in names and _is_name(text, found):
                names.add(short)
    return names


def mentioned(texts: Iterable[str]) -> set[str]:
    """The words in capitals that stand in the texts."""
    return {skeleton(found[0]) for text in texts for found in acronyms(text)}


def _is_bracketed(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - AROUND) : found.start()]
    after = text[found.end() : found.end() + AROUND]
    if BRACKETS_AFTER.match(after):
        return True
    return bool(BEFORE_IN_BRACKETS.search(before) and AFTER_IN_BRACKETS.match(after))


def _is_name(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - AROUND) : found.start()]
    after = text[found.end() : found.end() + AROUND]
    if QUOTE_BEFORE.search(before) or NAMED_BEFORE.search(before) or NAMED_AFTER.match(after):
        return True
    if not before and HEAD_AFTER.match(after):
        return True
    beside = CAPITALS_BEFORE.search(before) or CAPITALS_AFTER.match(after)
    return bool(beside and skeleton(beside[0].strip(" -")) not in EVERYWHERE)


class _Spelled:
    """The words of some texts, to see whether they spell an abbreviation out."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words = [
            _Word(skeleton(word), word[:1].isupper(), word.lower() in SMALL)
            if word[0].isalpha()
            else _Word("", False, False)
            for text in texts
            for word in [*WORD.findall(text), "\n"]
        ]
        self.starts: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            if word.is_capital:
                self.starts.setdefault(word.letters[0], []).append(place)

    def has(self, short: str) -> bool:
        """Whether some words begin with the letters of the abbreviation, one after the other."""
        return any(self._follows(short, short, place) for place in self.starts.get(short[0], ()))

    def _follows(self, short: str, rest: str, place: int) -> bool:
        """Whether the words from ``place`` on give the rest, each with its first letter or more."""
        if not rest:
            return True
        word = self.words[place]
        if not word.letters or word.letters == short:
            return False
        if word.is_small:
            return rest != short and self._follows(short, rest, place + 1)
        # No word gives all the letters by itself.
        for length in range(1, len(short) if rest == short else len(rest) + 1):
            if not word.letters.startswith(rest[:length]):
                return False
            if self._follows(short, rest[length:], place + 1):
                return True
        return False


def expansions(phrases: Iterable[str]) -> dict[str, str]:
    """The phrases that explain an abbreviation, by it: Κέντρο Ένταξης Μεταναστών (ΚΕΜ)."""
    return {
        skeleton(found["short"]): phrase
        for phrase in phrases
        if "(" in phrase and (found := EXPLAINED.fullmatch(phrase))
    }
