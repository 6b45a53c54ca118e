"""Typed words into the index's own terms: the same word, its forms, and what else it may mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indexer.document import ACRONYM, INITIALS, INITIALS_LONGEST, INITIALS_SHORTEST
from indexer.language import form, is_greek, stem, stop_words
from indexer.lexicon import edits
from indexer.meanings import MOST_WORDS, meanings
from indexer.query import Clause, Phrase, Word
from indexer.rank import Level, Run, Term
from indexer.segment import Segment
from indexer.sound import greek_sound, greeklish_sounds, other_layout, sound

# Each kind of match with its weight: how far a document found in this way can reach beside one
# that has the very word.
WEIGHTS = {
    # The very word, as typed but for case and accents.
    "exact": 1.0,
    # Another form of the word: the same meaning.
    "form": 0.9,
    # A word of the same stem, which it may have been derived from: nearly the same meaning.
    "stem": 0.6,
    # The last word typed, not known by itself: as far as it goes it is right.
    "unfinished": 0.9,
    # What the domain's thesaurus calls the same thing in the same language.
    "synonym": 0.58,
    # The thesaurus's word in the other language: the right subject, not the reader's words.
    "translation": 0.55,
    # A word that sounds the same: Greeklish, or a slip of spelling.
    "sound": 0.45,
    # The same keys with the keyboard set to the other alphabet.
    "layout": 0.45,
    # A general dictionary's word: of its several meanings only one may fit.
    "dictionary": 0.35,
    # A word that begins as a finished word does: a guess.
    "prefix": 0.5,
    # The words whose initials an acronym is, as a text spells them out.
    "initials": 0.9,
    # Words that share the parts of an unknown compound.
    "part": 0.3,
    # A near equivalent in the field, in either language: the subject, in other words.
    "related": 0.35,
    # A general English synonym.
    "general": 0.25,
    # A word one or two letters away from an unknown one.
    "fuzzy": 0.3,
}
# What the word itself is found by; everything else is another name for it.
OWN = frozenset({"exact", "form", "stem", "unfinished"})
MOST_LEVELS = 40
MOST_PREFIXED = 50
MOST_CORRECTED = 4
# From this length on, a slip of two letters is looked for as well.
LONG = 8
SHORTEST_FUZZY = 4
SHORTEST_PREFIX = 3


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

    def __bool__(self) -> bool:
        return bool(self._others) or any(self._own.values())

    def listed(self) -> list[Level]:
        every = [(name, tuple(terms)) for name, terms in self._own.items()] + self._others
        every.sort(key=lambda level: -WEIGHTS[level[0]])
        seen: set[Term] = set()
        levels = []
        for name, terms in every:
            new = tuple(term for term in terms if term not in seen)
            seen.update(new)
            if new:
                levels.append(Level(WEIGHTS[name], name, new, own=name in OWN))
        return levels[:MOST_LEVELS]


class Expander:
    """Expansions against the vocabulary of one generation."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._lexicons = [segment.lexicon for segment in segments]

    def expand(self, clauses: Sequence[Clause]) -> Expansion:
        """The levels of every word of a query; phrases of it that have other names get them."""
        expansion = Expansion()
        tables = []
        for clause in clauses:
            table = Levels()
            for option in clause.options:
                self._option(option, table, expansion.corrections)
            tables.append(table)
        self._spans(clauses, tables)
        expansion.words = [table.listed() for table in tables]
        return expansion

    def levels(self, item: Word | Phrase) -> list[Level]:
        """The levels of one word or phrase by itself, the surest first."""
        table = Levels()
        self._option(item, table, {})
        return table.listed()

    def _option(self, item: Word | Phrase, table: Levels, corrections: dict[str, str]) -> None:
        if isinstance(item, Phrase):
            table.add("exact", [self._phrase(item)])
        elif item.prefix:
            table.add("exact", self._prefixed(item.term))
        else:
            self._word(item, table, corrections)

    def _word(self, word: Word, table: Levels, corrections: dict[str, str]) -> None:
        if INITIALS_SHORTEST <= len(word.term) <= INITIALS_LONGEST:
            initials = INITIALS + word.term
            table.add("initials", [initials] if self._known(initials) else [])
        if word.capital and self._is_acronym(word.term):
            table.add("exact", [word.term])
            self._meanings(form(word.term), table)
            return
        forms, stems = self._forms(word.term), self._with_stem(stem(word.term))
        known = self._known(word.term)
        if known:
            table.add("exact", [word.term])
        table.add("form", forms)
        table.add("stem", stems)
        self._meanings(form(word.term), table)
        if not known and not stems:
            self._guess(word, table, corrections)
        elif word.last and len(word.term) >= SHORTEST_PREFIX:
            table.add("prefix" if known else "unfinished", self._prefixed(word.term))

    def _guess(self, word: Word, table: Levels, corrections: dict[str, str]) -> None:
        """What an unknown word may have been meant as: unfinished, Greeklish, or a slip."""
        means_something = bool(table)
        if len(word.term) >= (2 if word.last else SHORTEST_PREFIX):
            table.add("unfinished" if word.last else "prefix", self._prefixed(word.term))
        self._alike("sound", self._sounding(word.term), table)
        layout = other_layout(word.term)
        if self._known(layout) or self._forms(layout):
            self._alike("layout", [layout], table)
        if means_something or table:
            return
        self._parts(word.term, table)
        nearest = self._nearest(word.term)
        self._alike("fuzzy", nearest, table)
        if nearest:
            corrections[word.typed] = nearest[0]

    def _parts(self, term: str, table: Levels) -> None:
        """The parts of a Greek compound, which is two words joined by an ο (γαλακτο-κομικός)."""
        if not is_greek(term):
            return
        for at in range(3, len(term) - 3):
            if term[at] in "οω":
                first = self._prefixed(term[: at + 1]) if at >= 3 else []
                second = self._with_stem(stem(term[at + 1 :]))
                if (first and at >= 4) or (first and second):
                    table.add("part", [*first, *second])

    def _alike(self, name: str, terms: Sequence[str], table: Levels) -> None:
        """Add words that stand for the typed one, their forms and their other names."""
        for term in terms:
            table.add(name, [term, *self._forms(term)])
            self._meanings(form(term), table)

    def _meanings(self, key: str, table: Levels) -> None:
        for meaning in meanings(key):
            term = self._run(meaning.key)
            if term:
                table.add(meaning.kind, term)

    def _spans(self, clauses: Sequence[Clause], tables: list[Levels]) -> None:
        """Neighbouring words that the thesaurus or dictionary knows as a phrase."""
        keys = [
            form(clause.options[0].term)
            if len(clause.options) == 1 and isinstance(clause.options[0], Word)
            else ""
            for clause in clauses
        ]
        for size in range(2, MOST_WORDS + 1):
            for first in range(len(keys) - size + 1):
                span = keys[first : first + size]
                if all(span):
                    for meaning in meanings(" ".join(span)):
                        for table in tables[first : first + size]:
                            table.add(meaning.kind, self._run(meaning.key))

    def _run(self, key: str) -> list[Term]:
        """A key of the thesaurus as terms of the index; empty where it does not occur."""
        slots = [tuple(self._with_form(part)) for part in key.split()]
        if not slots or not all(slots):
            return []
        return list(slots[0]) if len(slots) == 1 else [Run(tuple(slots), slack=2)]

    def _phrase(self, phrase: Phrase) -> Term:
        words = phrase.words
        return Run(tuple((word,) for word in words)) if len(words) > 1 else words[0]

    def _known(self, term: str) -> bool:
        return any(term in lexicon for lexicon in self._lexicons)

    def _is_acronym(self, term: str) -> bool:
        return any(term in lexicon.acronyms for lexicon in self._lexicons)

    def _forms(self, term: str) -> list[str]:
        return self._with_form(form(term))

    def _with_form(self, key: str) -> list[str]:
        return sorted({t for lexicon in self._lexicons for t in lexicon.with_form(key)})

    def _with_stem(self, key: str) -> list[str]:
        return sorted({t for lexicon in self._lexicons for t in lexicon.with_stem(key)})

    def _prefixed(self, prefix: str) -> list[str]:
        found = {
            t for lexicon in self._lexicons for t in lexicon.with_prefix(prefix, MOST_PREFIXED)
        }
        return sorted(
            (t for t in found if t[0] not in (ACRONYM, INITIALS)), key=lambda t: (len(t), t)
        )[:MOST_PREFIXED]

    def _sounding(self, term: str) -> list[str]:
        """Known words that sound like this one; of Latin letters, in every Greek reading."""
        sounds = [sound(term)] if is_greek(term) else [sound(term), *greeklish_sounds(term)]
        return list(
            dict.fromkeys(
                t for key in sounds for lexicon in self._lexicons for t in lexicon.with_sound(key)
            )
        )

    def _nearest(self, term: str) -> list[str]:
        """Known words the fewest letters away, by sound, the most frequent first."""
        if len(term) < SHORTEST_FUZZY:
            return []
        sounds = [sound(term)] if is_greek(term) else [sound(term), *greeklish_sounds(term)[:8]]
        for distance in (1, 2) if len(term) >= LONG else (1,):
            found = {
                t
                for key in dict.fromkeys(sounds)
                if len(key) >= SHORTEST_FUZZY
                for lexicon in self._lexicons
                for _, t in lexicon.near_sound(key, distance)
                if t not in stop_words()
            }
            if found:
                return sorted(found, key=lambda t: (self._apart(term, t), t))[:MOST_CORRECTED]
        return []

    def _apart(self, typed: str, term: str) -> tuple[int, bool]:
        return edits(typed, term, 4), typed[:1] != term[:1]


__all__ = ["WEIGHTS", "Expander", "Expansion", "greek_sound"]
