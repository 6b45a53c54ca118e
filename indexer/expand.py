"""Typed words into the index's own terms: the same word, its forms, and what else it may mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indexer import weights
from indexer.corpus import Level, Run, Term
from indexer.document import INITIALS
from indexer.language import form, is_greek
from indexer.meanings import MOST_WORDS, meanings
from indexer.query import Clause, Phrase, Word
from indexer.sound import other_layout
from indexer.vocabulary import Vocabulary

# What the word itself is found by; everything else is another name for it.
OWN = frozenset({"exact", "form", "stem", "unfinished"})
MOST_LEVELS = 40
MOST_REMEMBERED = 2000  # words
# Letters from which on a word is also taken as the beginning of others; the last one typed sooner.
SHORTEST_PREFIX = 3
SHORTEST_LAST = 2
SHORTEST_PART = 3


@dataclass
class Expansion:
    """The words of a query as levels of terms, and which were unknown and read as what."""

    words: list[list[Level]] = field(default_factory=list)
    corrections: dict[str, str] = field(default_factory=dict)


class Levels:
    """Levels being put together; each term is kept at the surest level that it has.

    The word itself and its forms are one level each; every other name is a level by itself.
    """

    def __init__(self) -> None:
        self._own: dict[str, dict[Term, None]] = {}
        self._others: list[tuple[str, tuple[Term, ...]]] = []

    def add(self, name: str, terms: Iterable[Term]) -> None:
        if name in OWN:
            self._own.setdefault(name, {}).update(dict.fromkeys(terms))
        elif found := tuple(terms):
            self._others.append((name, found))

    def update(self, other: Levels) -> None:
        for name, terms in other._own.items():
            self.add(name, terms)
        self._others += other._others

    def __bool__(self) -> bool:
        return bool(self._others) or any(self._own.values())

    def listed(self) -> list[Level]:
        every = [(name, tuple(terms)) for name, terms in self._own.items()] + self._others
        every.sort(key=lambda level: -weights.LEVELS[level[0]])
        seen: set[Term] = set()
        levels = []
        for name, terms in every:
            new = tuple(term for term in terms if term not in seen)
            seen.update(new)
            if new:
                levels.append(Level(weights.LEVELS[name], name, new, own=name in OWN))
        return levels[:MOST_LEVELS]


class Expander:
    """Expansions against the vocabulary of one generation."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary
        self._remembered: dict[Word | Phrase, tuple[Levels, dict[str, str]]] = {}

    def expand(self, clauses: Sequence[Clause]) -> Expansion:
        """The levels of every word of a query; phrases of it that have other names get them."""
        expansion = Expansion()
        tables = []
        for clause in clauses:
            table = Levels()
            for option in clause.options:
                levels, corrections = self._expanded(option)
                table.update(levels)
                expansion.corrections.update(corrections)
            tables.append(table)
        self._spans(clauses, tables)
        expansion.words = [table.listed() for table in tables]
        return expansion

    def levels(self, item: Word | Phrase) -> list[Level]:
        """The levels of one word or phrase by itself, the surest first."""
        return self._expanded(item)[0].listed()

    def _expanded(self, item: Word | Phrase) -> tuple[Levels, dict[str, str]]:
        """The levels of a word, out of memory where it was asked for before."""
        found = self._remembered.get(item)
        if found is None:
            found = Levels(), {}
            self._option(item, *found)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[item] = found
        return found

    def _option(self, item: Word | Phrase, table: Levels, corrections: dict[str, str]) -> None:
        if isinstance(item, Phrase):
            self._phrase(item, table)
        elif item.prefix:
            table.add("exact", self._known.prefixed(item.term))
        else:
            self._word(item, table, corrections)

    def _phrase(self, phrase: Phrase, table: Levels) -> None:
        """The very words in a row; their forms in a row where that is nowhere."""
        if all(word in self._known for word in phrase.words):
            table.add("exact", [_in_a_row([(word,) for word in phrase.words])])
        slots = [tuple(self._known.forms(word)) for word in phrase.words]
        if all(slots):
            table.add("form", [_in_a_row(slots)])

    def _word(self, word: Word, table: Levels, corrections: dict[str, str]) -> None:
        term = word.term
        if word.compound in self._known:
            table.add("form", [word.compound, *self._known.forms(word.compound)])
        if INITIALS + term in self._known:
            table.add("initials", [INITIALS + term])
        if word.capital and self._known.is_acronym(term):
            table.add("exact", [term])
            self._meanings(form(term), table)
            return
        if term in self._known:
            table.add("exact", [term])
        elif spelling := self._known.spelling(term):
            corrections[word.typed] = spelling
            self._alike("sound", [spelling], table)
        stems = self._known.stems(term)
        table.add("form", self._known.forms(term))
        table.add("stem", stems)
        self._meanings(form(term), table)
        self._name(term, table)
        if term not in self._known and not stems:
            self._guess(word, table, corrections)
        elif word.last and len(term) >= SHORTEST_PREFIX:
            finished = "prefix" if term in self._known else "unfinished"
            table.add(finished, self._known.prefixed(term))

    def _name(self, term: str, table: Levels) -> None:
        """A Greek word that texts in English have as part of a name (Ergasia Plus), and that
        people who write Greek in Latin letters mean as a word."""
        if is_greek(term) or term not in self._known or meanings(form(term)):
            return
        greek = [other for other in self._known.sounding(term) if is_greek(other)]
        if sum(map(self._known.roughly, greek)) > self._known.roughly(term):
            self._alike("sound", greek, table)

    def _guess(self, word: Word, table: Levels, corrections: dict[str, str]) -> None:
        """What an unknown word may have been meant as: unfinished, Greeklish, or a slip."""
        means_something = bool(table)
        if len(word.term) >= (SHORTEST_LAST if word.last else SHORTEST_PREFIX):
            table.add("unfinished" if word.last else "prefix", self._known.prefixed(word.term))
        sounding = self._known.sounding(word.term)
        self._alike("sound", sounding, table)
        layout = other_layout(word.term)
        if layout in self._known or self._known.forms(layout):
            self._alike("layout", [layout], table)
        if means_something or table:
            return
        self._parts(word.term, table)
        nearest = self._known.nearest(word.term)
        self._alike("fuzzy", nearest, table)
        if nearest:
            corrections[word.typed] = nearest[0]

    def _parts(self, term: str, table: Levels) -> None:
        """The parts of a Greek compound, which is two words joined by an ο (γαλακτο-κομικός)."""
        if not is_greek(term):
            return
        for at in range(SHORTEST_PART, len(term) - SHORTEST_PART):
            if term[at] not in "οω":
                continue
            first = self._known.prefixed(term[: at + 1])
            second = self._known.stems(term[at + 1 :])
            if first and (second or at > SHORTEST_PART):
                table.add("part", [*first, *second])

    def _alike(self, name: str, terms: Sequence[str], table: Levels) -> None:
        """Add words that stand for the typed one, their forms and their other names."""
        for term in terms:
            table.add(name, [term, *self._known.forms(term)])
            self._meanings(form(term), table)

    def _meanings(self, key: str, table: Levels) -> None:
        for meaning in meanings(key):
            table.add(meaning.kind, self._named(meaning.key))

    def _spans(self, clauses: Sequence[Clause], tables: list[Levels]) -> None:
        """Neighbouring words that the thesaurus or dictionary knows as a phrase."""
        keys = [clause.key for clause in clauses]
        for size in range(2, MOST_WORDS + 1):
            for first in range(len(keys) - size + 1):
                span = keys[first : first + size]
                if all(span):
                    for meaning in meanings(" ".join(span)):
                        for table in tables[first : first + size]:
                            table.add(meaning.kind, self._named(meaning.key))

    def _named(self, key: str) -> list[Term]:
        """A key of the thesaurus as terms of the index; empty where it does not occur."""
        slots = [tuple(self._known.with_form(part)) for part in key.split()]
        if not slots or not all(slots):
            return []
        return list(slots[0]) if len(slots) == 1 else [Run(tuple(slots), slack=2)]


def _in_a_row(slots: Sequence[tuple[str, ...]]) -> Term:
    only = slots[0][0] if len(slots) == 1 and len(slots[0]) == 1 else None
    return only or Run(tuple(slots))
