"""What people type, taken apart into words, phrases and choices within fixed bounds.

Nothing typed is an error: what is no operator is a word, what has no word is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace

from indexer.document import HYPHENS
from indexer.language import Token, asking_words, fold, stop_words, tokens

MOST_CHARACTERS = 200
MOST_WORDS = 12
SHORTEST_PREFIX = 2

# One piece: an optional minus, an optional field name, then a "phrase" or a run without spaces.
_PIECE = re.compile(
    r"""(?P<minus>(?<!\S)[-\u2212])?
        (?:(?P<field>[^\W\d]\w{1,30}):)?
        (?:["\u201c\u201d\u201e\u00ab](?P<phrase>[^"\u201c\u201d\u201e\u00ab\u00bb]*)["\u201c\u201d\u201f\u00bb]?
           |(?P<run>[^\s"\u201c\u201d\u201e\u00ab\u00bb]+))""",
    re.VERBOSE,
)
_RANGE = re.compile(r"(\d{4})?(?:\.\.|-|\u2013)(\d{4})?")
# How Greek readers call the fields that are asked for by name.
FIELD_NAMES = {
    "δημοσ": "municipality", "τομεασ": "area", "ετοσ": "year", "ομαδα": "target_group",
    "ειδοσ": "type", "σταδιο": "stage", "περιφερεια": "region", "γλωσσα": "language",
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2100
_EITHER = frozenset({"OR", "|", "||"})
_BOTH = frozenset({"AND", "&", "&&", "+"})


@dataclass(frozen=True)
class Word:
    """One word to find.

    `prefix`: any word that begins so. `capital`: typed as an acronym is. `last`: the last one
    typed, which may be unfinished. `compound`: the whole word of which a hyphen made this a part.
    """

    term: str
    typed: str
    prefix: bool = False
    capital: bool = False
    last: bool = False
    compound: str = ""


@dataclass(frozen=True)
class Phrase:
    """Words to find one directly after the other.

    `named`: in guillemets, as a name stands in a text that was copied; not demanded as quotes do.
    """

    words: tuple[str, ...]
    typed: str
    named: bool = False


@dataclass(frozen=True)
class Clause:
    """Alternatives joined by OR; one of them has to be found."""

    options: tuple[Word | Phrase, ...]

    @property
    def typed(self) -> str:
        return " OR ".join(option.typed for option in self.options)

    @property
    def asks(self) -> bool:
        """Whether this is a word that people ask with, rather than for."""
        return all(isinstance(o, Word) and o.term in asking_words() for o in self.options)

    @property
    def required(self) -> bool:
        """Whether no document without it will do: what is in quotes is meant."""
        return all(isinstance(option, Phrase) and not option.named for option in self.options)


@dataclass
class Parsed:
    """A query taken apart."""

    clauses: list[Clause] = field(default_factory=list)
    without: list[Word | Phrase] = field(default_factory=list)
    filters: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def parse(
    text: str, fields: Mapping[str, Container[str]], reading: Callable[[str], str] = str
) -> Parsed:
    """Take a query apart; `fields` are the names that a `field:value` may have, with its codes.

    `reading` mends what was typed, within the bounds, before it falls apart into words.
    """
    parsed = Parsed()
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS]
        parsed.notes.append("too-long")
    text = reading(text)
    groups: list[list[Word | Phrase]] = []
    either = False
    for match in _PIECE.finditer(text):
        run = match["run"]
        if run in _BOTH:
            continue
        if run in _EITHER:
            either = bool(groups)
            continue
        if match["field"] and _filter(parsed, match, fields):
            continue
        found = _items(match)
        if match["minus"]:
            parsed.without.extend(found[:MOST_WORDS])
        elif found and either:
            groups[-1].extend(found[:1])
            groups.extend([item] for item in found[1:])
        else:
            groups.extend([item] for item in found)
        either = False
    _bound(parsed, groups, text)
    return parsed


def _filter(parsed: Parsed, match: re.Match[str], fields: Mapping[str, Container[str]]) -> bool:
    """Take `field:value` as a choice, if it is one; a range of years becomes its years."""
    name = FIELD_NAMES.get(fold(match["field"]), match["field"].lower())
    value = (match["phrase"] if match["phrase"] is not None else match["run"]).strip()
    if name not in fields or match["minus"]:
        return False
    between = _RANGE.fullmatch(value) if name == "year" else None
    if between and (between[1] or between[2]):
        first, last = int(between[1] or FIRST_YEAR), int(between[2] or LAST_YEAR)
        years = range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1)
        codes = [str(year) for year in years] or [value]
    else:
        codes = [code for code in value.lower().split(",") if code in fields[name]]
    if codes:
        parsed.filters.setdefault(name, []).extend(codes)
    return bool(codes)


def _items(match: re.Match[str]) -> list[Word | Phrase]:
    if match["phrase"] is not None:
        inside = tuple(token.term for token in tokens(match["phrase"]))[:MOST_WORDS]
        named = match.string[match.start("phrase") - 1] == "\u00ab"
        return [Phrase(inside, match["phrase"].strip(), named)] if inside else []
    run = match["run"]
    if match["field"]:
        run = f"{match['field']} {run}"
    found = tokens(run)
    hyphens = sum(run.count(hyphen) for hyphen in HYPHENS)
    compound = "".join(t.term for t in found) if 1 < len(found) == hyphens + 1 else ""
    words: list[Word | Phrase] = [_word(run, token, compound) for token in found]
    if found and run.endswith("*") and len(found[-1].term) >= SHORTEST_PREFIX:
        words[-1] = replace(_word(run, found[-1], ""), prefix=True)
    return words


def _word(run: str, token: Token, compound: str) -> Word:
    written = run[token.start : token.end]
    capital = token.acronym or (len(token.term) > 1 and written.isupper())
    return Word(token.term, written, capital=capital, compound=compound)


def _bound(parsed: Parsed, groups: list[list[Word | Phrase]], text: str) -> None:
    """Leave common words out where there are others, and keep the number of words bounded."""
    common = stop_words()
    useful = [
        group
        for group in groups
        if not all(isinstance(item, Word) and item.term in common for item in group)
    ]
    if groups and not useful:
        parsed.notes.append("without-words")
        useful = groups
    if len(useful) > MOST_WORDS:
        useful = useful[:MOST_WORDS]
        parsed.notes.append("too-long")
    if useful and isinstance(useful[-1][-1], Word) and not text.endswith((" ", '"')):
        word = useful[-1][-1]
        useful[-1][-1] = replace(word, last=True)
    parsed.clauses = [Clause(tuple(group[:MOST_WORDS])) for group in useful]
