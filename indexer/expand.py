"""Typed words into the index's own terms: the same word, its forms, and what else it may mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from indexer import weights
from indexer.corpus import Level, Run, Term
from indexer.document import ACRONYM, INITIALS
from indexer.language import asking_words, form, is_greek, stem
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
# Letters from which on an unfinished word is also looked for by ear and on the other layout.
SHORTEST_HALF = 4
# A semicolon before a vowel's key, within or before Latin letters; before u within Greek ones.
_SEMICOLON = re.compile(r"[A-Za-z]*;[aehioyv][A-Za-z]*|[\u0370-\u03ff]*;θ[\u0370-\u03ff]+", re.I)


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
        self._others: list[Level] = []

    def add(self, name: str, terms: Iterable[Term], share: float = 1.0) -> None:
        """Add terms; `share` is what is left of the level's weight where the word is guessed."""
        if name in OWN:
            self._own.setdefault(name, {}).update(dict.fromkeys(terms))
        elif found := tuple(terms):
            self._others.append(Level(weights.LEVELS[name], name, found, own=False, share=share))

    def update(self, other: Levels) -> None:
        for name, terms in other._own.items():
            self.add(name, terms)
        self._others += other._others

    def __bool__(self) -> bool:
        return bool(self._others) or any(self._own.values())

    def listed(self) -> list[Level]:
        own = (Level(weights.LEVELS[name], name, tuple(t)) for name, t in self._own.items())
        seen: set[Term] = set()
        levels = []
        for level in sorted([*own, *self._others], key=lambda level: -level.reach):
            new = tuple(term for term in level.terms if term not in seen)
            seen.update(new)
            if new:
                levels.append(replace(level, terms=new))
        return levels[:MOST_LEVELS]


@dataclass
class Reading:
    """A word or phrase as it was read: its levels, and the spellings that it was corrected to.

    `key` is how the thesaurus knows the word, `share` what a guess at it is worth.
    """

    levels: Levels = field(default_factory=Levels)
    corrections: dict[str, str] = field(default_factory=dict)
    key: str = ""
    share: float = 1.0


class Expander:
    """Expansions against the vocabulary of one generation."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary
        self._remembered: dict[Word | Phrase, Reading] = {}

    def expand(self, clauses: Sequence[Clause]) -> Expansion:
        """The levels of every word of a query; phrases of it that have other names get them."""
        expansion = Expansion()
        words = []
        for clause in clauses:
            options = [self._read(option) for option in clause.options]
            only = options[0] if len(options) == 1 else Reading()
            word = Reading(key=only.key, share=only.share)
            for option in options:
                word.levels.update(option.levels)
                expansion.corrections.update(option.corrections)
            words.append(word)
        self._spans(words)
        expansion.words = [word.levels.listed() for word in words]
        return expansion

    def retyped(self, text: str) -> str:
        """A text in which words that hold a semicolon only for the keyboard's sake are read.

        It is the key of the Greek accent (st;egash is στέγαση), and as a Greek key that of q.
        """
        return _SEMICOLON.sub(self._retyped, text) if ";" in text else text

    def _retyped(self, match: re.Match[str]) -> str:
        meant = other_layout(match.group())
        known = meant in self._known or self._known.forms(meant)
        if not known and len(meant) >= SHORTEST_HALF:
            known = self._known.prefixed(meant, most=1)
        return meant if known else match.group()

    def levels(self, item: Word | Phrase) -> list[Level]:
        """The levels of one word or phrase by itself, the surest first."""
        return self._read(item).levels.listed()

    def _read(self, item: Word | Phrase) -> Reading:
        """The levels of a word, out of memory where it was asked for before."""
        found = self._remembered.get(item)
        if found is None:
            found = Reading()
            if isinstance(item, Phrase):
                self._phrase(item, found.levels)
            elif item.prefix:
                found.levels.add("exact", self._known.prefixed(item.term))
            else:
                self._word(item, found)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[item] = found
        return found

    def _phrase(self, phrase: Phrase, table: Levels) -> None:
        """The very words in a row; their forms in a row where that is nowhere."""
        if all(word in self._known for word in phrase.words):
            table.add("exact", [_in_a_row([(word,) for word in phrase.words])])
        slots = [tuple(self._known.forms(word)) for word in phrase.words]
        if all(slots):
            table.add("form", [_in_a_row(slots)])

    def _word(self, word: Word, found: Reading) -> None:
        term, table = word.term, found.levels
        found.key = form(term)
        if word.compound in self._known:
            table.add("form", [word.compound, *self._known.forms(word.compound)])
        if INITIALS + term in self._known:
            table.add("initials", [INITIALS + term])
        is_acronym = self._known.is_acronym(term)
        if word.capital and (is_acronym or meanings(ACRONYM + term)):
            if term in self._known:
                table.add("exact", [term])
            self._meanings(ACRONYM + term, table)
            return
        if term in self._known:
            table.add("exact", [term])
        elif spelling := self._known.spelling(term):
            found.corrections[word.typed] = spelling
            self._alike("sound", [spelling], found)
        stems = self._known.stems(term)
        # Typed small, ΔΟΜ may also be the beginning of δομή.
        table.add("prefix" if is_acronym else "form", self._known.forms(term))
        table.add("stem", stems)
        self._meanings(form(term), table)
        if is_acronym or not meanings(form(term)):
            self._meanings(ACRONYM + term, table)
        self._name(term, found)
        if term not in self._known and not stems:
            self._guess(word, found)
        elif word.last and len(term) >= SHORTEST_PREFIX:
            finished = "prefix" if term in self._known else "unfinished"
            table.add(finished, self._known.prefixed(term))

    def _name(self, term: str, found: Reading) -> None:
        """A word that stands in the other alphabet more often than in the typed one.

        Texts in English have Greek words as parts of names (Ergasia Plus), which people who write
        Greek in Latin letters mean as words; and Latin acronyms are typed in Greek (ΕΣΤΙΑ).
        """
        own = self._known.forms(term)
        typed_in_greek = is_greek(term)
        if not typed_in_greek and (not own or meanings(form(term))):
            return
        others = [word for word in self._known.sounding(term) if is_greek(word) != typed_in_greek]
        if typed_in_greek:
            others = [word for word in others if self._known.is_acronym(word)]
        if sum(map(self._known.roughly, others)) > sum(map(self._known.roughly, own)):
            self._alike("sound", others, found)

    def _guess(self, word: Word, found: Reading) -> None:
        """What an unknown word may have been meant as: unfinished, Greeklish, or a slip.

        What people ask with is left alone: nobody looks for what it resembles.
        """
        term, table = word.term, found.levels
        if term in asking_words():
            return
        means_something = bool(table)
        if len(term) >= (SHORTEST_LAST if word.last else SHORTEST_PREFIX):
            table.add("unfinished" if word.last else "prefix", self._known.prefixed(term))
        if word.last and len(term) >= SHORTEST_HALF:
            self._finished(term, found)
        self._alike("sound", self._known.sounding(term), found)
        layout = other_layout(word.typed)
        if layout in self._known or self._known.forms(layout):
            self._alike("layout", [layout], found)
        elif word.last and len(layout) >= SHORTEST_HALF:
            table.add("layout", self._known.prefixed(layout))
        if word.last and not means_something and not table and len(term) >= SHORTEST_HALF:
            table.add("sound", self._known.sounding_prefixed(term))
        if means_something or table:
            return
        self._parts(term, table)
        nearest = self._known.nearest(term)
        self._alike("fuzzy", nearest, found)
        if nearest:
            found.corrections[word.typed] = nearest[0]

    def _finished(self, beginning: str, found: Reading) -> None:
        """Other names of the word that was begun, where most of what begins so are its forms."""
        counts = {term: self._known.roughly(term) for term in self._known.prefixed(beginning)}
        stems: Counter[str] = Counter()
        for term, count in counts.items():
            stems[stem(term)] += count
        for likeliest, count in stems.most_common(1):
            if 2 * count > stems.total():
                word = max((t for t in counts if stem(t) == likeliest), key=lambda t: counts[t])
                found.key, found.share = form(word), weights.LEVELS["unfinished"]
                self._meanings(found.key, found.levels, found.share)

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

    def _alike(self, name: str, terms: Sequence[str], found: Reading) -> None:
        """Add words that stand for the typed one, their forms and their other names.

        Another name of what was only guessed never reaches further than the guess. Where nothing
        was known of the typed word, phrases are known by the likeliest of these.
        """
        share = weights.LEVELS[name]
        if terms and not found.levels:
            found.key, found.share = form(terms[0]), share
        for term in terms:
            found.levels.add(name, [term, *self._known.forms(term)])
            self._meanings(form(term), found.levels, share)

    def _meanings(self, key: str, table: Levels, share: float = 1.0) -> None:
        for meaning in meanings(key):
            table.add(meaning.kind, self._named(meaning.key), share)

    def _spans(self, words: Sequence[Reading]) -> None:
        """Neighbouring words that the thesaurus or dictionary knows as a phrase."""
        for size in range(2, MOST_WORDS + 1):
            for first in range(len(words) - size + 1):
                span = words[first : first + size]
                keys = [word.key for word in span]
                for meaning in meanings(" ".join(keys)) if all(keys) else ():
                    terms = self._named(meaning.key)
                    for word in span:
                        word.levels.add(meaning.kind, terms, min(each.share for each in span))

    def _named(self, key: str) -> list[Term]:
        """A key of the thesaurus as terms of the index; empty where it does not occur."""
        if key.startswith(ACRONYM):
            return [key[1:]] if key[1:] in self._known else []
        slots = [tuple(self._known.with_form(part)) for part in key.split()]
        if not slots or not all(slots):
            return []
        return list(slots[0]) if len(slots) == 1 else [Run(tuple(slots), slack=2)]


def _in_a_row(slots: Sequence[tuple[str, ...]]) -> Term:
    only = slots[0][0] if len(slots) == 1 and len(slots[0]) == 1 else None
    return only or Run(tuple(slots))
