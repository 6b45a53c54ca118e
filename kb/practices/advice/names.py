"""Names of people without a title: a common first name with a surname beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from kb.practices.advice.model import Found
from kb.practices.advice.people import CAPITAL, NOT_A_NAME, SMALL
from kb.practices.advice.texts import plain

FIRST_NAMES_FILE = Path(__file__).with_name("first_names.json")

# The other cases of a Greek name, by how it ends, without accents and with one kind of sigma.
CASES = {
    "οσ": ("οσ", "ου", "ο", "ε"), "ησ": ("ησ", "η"), "ασ": ("ασ", "α"), "ων": ("ων", "ωνα", "ωνοσ"),
    "α": ("α", "ασ"), "η": ("η", "ησ"), "ω": ("ω", "ωσ"),
}  # fmt: skip


def _forms(name: str) -> Iterator[str]:
    bare = plain(name)
    ending = next((each for each in CASES if bare.endswith(each)), "")
    yield from (bare.removesuffix(ending) + each for each in CASES.get(ending, ("",)))


def _first_names() -> frozenset[str]:
    lists = json.loads(FIRST_NAMES_FILE.read_text("utf-8"))
    greek = chain.from_iterable(map(_forms, lists["greek"].split()))
    return frozenset([*greek, *map(plain, lists["latin"].split())])


FIRST_NAMES = _first_names()

WORD = (
    rf"[{CAPITAL}][{SMALL}]{{1,30}}(?:[-’'][{CAPITAL}][{SMALL}]{{1,30}})?"
    rf"|[{CAPITAL}]{{4,30}}|[{CAPITAL}]\."
)
# Words that all begin with a capital, one right after the other, and the word before them.
CAPITALISED = re.compile(
    rf"(?:(?P<before>[^\W\d_]{{1,30}})[ \u00a0])?(?<!\w)"
    rf"(?P<run>(?:{WORD})(?:[ \u00a0](?:{WORD})){{1,6}})(?!\w)"
)
PIECE = re.compile(WORD)
# What surnames end in that are hardly ever anything else; these may stand before the first name.
SURNAME = re.compile(
    r"\w{2,}(?:πουλ(?:οσ|ου|ο)|ακησ?|ιδησ?|ιδου|αδησ?|αδου|ογλου|εασ|ελλησ?"
    r"|poul(?:os|ou)|akis?|idis|idou|iadis|oglou)"
)
# Whatever is named after somebody is not that person. Beginnings of words, without accents.
NAMED_AFTER = re.compile(
    r"οδο[συ]?$|οδ$|λεωφ|πλατει|πλ$|αγι|παρκ|κεντρ|δομη|ξενων|σχολ|γυμνασι|λυκει|νηπι|δημοτικ|ιδρυμ"
    r"|σταδι|αιθουσ|μουσει|θεατρ|βιβλιοθηκ|νοσοκομ|δημ(?:οσ|ου|ο|οι|ων|ουσ)$|συλλογ|σωματει|βραβει"
    r"|ομιλ|εκκλησ|ναο|μονησ?$|λιμ|κτ[ηι]ρι|μεγαρ|συνοικ|γηπεδ|στρατοπ|καμπ|προγραμ|εργο$|εργου$"
    r"|εταιρ|αδελφ|κληροδοτ|πανεπιστ|ινστιτουτ|γεφυρ|χωρι|νησ|αλσ|προφητ|βασιλε|στοα|κολλεγι"
    r"|street$|str?$|square|avenue|ave$|road|foundation|fund$|stiftung|fonda|institut|school|univers"
    r"|college|hospital|cent(?:re|er)|museum|theat|librar|park|municip|city|island|airport|hall$"
    r"|house|prize|award|program|project|saint|king$|queen|pope|bridge|harbour|port$|stadium|church"
    r"|cathedral|building|camp|shelter|agios|agia|association|network|act$|law$|day$|method|model"
    r"|international|society|trust$|actions?$|scheme|club$|stifte"
)
# Municipalities with somebody's name.
MUNICIPALITIES = frozenset(
    ["παυλου μελα", "pavlos melas", "pavlou mela", "νικολαου σκουφα", "γεωργιου καραισκακη"]
)
FEMININE = frozenset(["η", "την", "τη", "τησ", "στη", "στην"])
ARTICLES = frozenset(
    "ο η το οι του της των τον την στον στην με και από the a by with and from".split()
)
# The number of a house, and not how old somebody is.
NUMBER_AFTER = re.compile(r",?[ \u00a0](?:αρ\. ?)?\d{1,3}(?!\d|[ \u00a0-]?(?:ετ|χρον|year))")
SENTENCE_BEGINS = re.compile(r"(?:[.!;?·:\n]|\A)[\s*_#>-]{0,15}$")
# A quotation mark, or a saint.
CALLED_BEFORE = re.compile(r"(?:[«“\"‘'„]|(?<!\w)(?:Αγ|ΑΓ|St)\.[ \u00a0]?)$")
FEWEST_LETTERS = 3  # of a surname


def untitled(text: str) -> Iterator[Found]:
    """First names with their surnames, where they are not what a street or a house is called."""
    for run in CAPITALISED.finditer(text):
        words = [(each[0], run.start("run") + each.start()) for each in PIECE.finditer(run["run"])]
        span = _name_in([plain(word) for word, _place in words])
        if span is None:
            continue
        first, last = span
        place = words[first][1]
        end = words[last][1] + len(words[last][0])
        if not _is_named_after(text, run, words, span):
            yield Found(text[place:end], place)


def _name_in(words: list[str]) -> tuple[int, int] | None:
    """The first and the last word of a name among those words."""
    for number, word in enumerate(words):
        following = words[number + 1] if number + 1 < len(words) else ""
        if word in FIRST_NAMES:
            if number and SURNAME.fullmatch(words[number - 1]):
                return number - 1, number
            initial = following.endswith(".") and number + 2 < len(words)
            last = number + 2 if initial else number + 1
            if last < len(words) and len(words[last].strip(".")) >= FEWEST_LETTERS:
                return number, last
        elif word.endswith(".") and SURNAME.fullmatch(following):
            return number, number + 1
    return None


def _is_named_after(
    text: str, run: re.Match[str], words: list[tuple[str, int]], span: tuple[int, int]
) -> bool:
    first, last = span
    folded = [plain(word).strip(".") for word, _place in words]
    before = plain(run["before"] or "")
    start, end = words[first][1], words[last][1] + len(words[last][0])
    name = " ".join(folded[first : last + 1])
    leading = [each for each in folded[:first] if each not in ARTICLES]
    if leading and SENTENCE_BEGINS.search(text[max(0, words[0][1] - 20) : words[0][1]]):
        leading = [each for each in leading[:1] if NAMED_AFTER.match(each)]
    if any(map(NOT_A_NAME.match, [before, *leading])):
        leading = []  # what somebody does, not what something is called
    return bool(
        leading
        or any(NAMED_AFTER.match(each) for each in (before, *folded) if each not in FIRST_NAMES)
        or (len(folded[first]) > 1 and words[first][0].isupper() and not words[last][0].isupper())
        or name in MUNICIPALITIES
        or (before in FEMININE and folded[first].endswith("ου"))
        or CALLED_BEFORE.search(text[max(0, start - 5) : start])
        or NUMBER_AFTER.match(text, end)
    )
