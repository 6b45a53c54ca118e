"""Every weight and constant of the ranking, each with the reason for it.

`python -m evaluation --set NAME=VALUE` shows what another value does.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """How much an occurrence in a part counts, and how strongly its length tells against it."""

    weight: float
    length: float  # BM25's b: 0 ignores the part's length, 1 divides by it wholly


PARTS = {
    # A title is the shortest description there is: what it names, the practice is about.
    "title": Part(10.0, 0.4),
    # The summary says what is done, for whom, in two sentences.
    "summary": Part(6.0, 0.4),
    # Labels and synonyms of the codes: chosen by people, but many documents share each one.
    "keywords": Part(1.0, 0.2),
    # Running text: many words, each of which says little; long texts must not win by length.
    "body": Part(1.5, 0.75),
}

# Each kind of match with its weight: how far a document found in this way can reach beside one
# that has the very word.
LEVELS = {
    # The very word, as typed but for case and accents.
    "exact": 1.0,
    # Another form of the word: the same meaning.
    "form": 0.95,
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
    "related": 0.3,
    # A general English synonym.
    "general": 0.25,
    # A word one or two letters away from an unknown one.
    "fuzzy": 0.3,
}

# How soon a further occurrence stops adding (BM25's k1). An occurrence in a text counts 1.5, so
# for texts this is a k1 of 2.7; a single one in a title is nearly all that there is to have.
SATURATION = 4.0
# An occurrence in the language that the reader did not choose still counts, but less, so that
# of two equal practices the one that they can read stands first.
OTHER_LANGUAGE = 0.5
# The best that a word without a match of its own is raised to: nobody is helped if the one word
# that was misspelt counts for nothing beside the others.
LEAST_BEST = 0.8
# A document that lacks some of the words keeps this power of the share that it has (by rarity).
COVERAGE_POWER = 0.25
# The least share of the words, by rarity, that a document must have to be shown at all where few
# have them all.
LEAST_COVERAGE = 0.25
# Two words that follow each other in the query gain this much of the less telling one's weight
# where they do so in the text, half of it with one word between, and so on.
CLOSENESS = 0.4
# Words further apart than this have nothing to do with each other.
CLOSE = 5
# What a text is about it says first: a word gains up to this share of its weight where the
# document begins with it, nearly as much as one occurrence in running text is worth.
EARLINESS = 0.2
# After so many words, read from the title on, that gain has fallen to a third: they are a title,
# its summary and a first sentence.
OPENING = 60
# A match of at least this weight is as good as the word itself in deciding what is shown.
SURE = 0.45
# A document is surely about a word for which it has only another name if that stands in its
# title or summary, or this often elsewhere, all labels together counting as once.
OTHER_NAMES = frozenset({"synonym", "translation"})
ABOUT = 2
# As long as fewer documents than this surely have every word, those with most of the words, or
# with something related, follow.
ENOUGH = 10
# In a query of more words than this, hardly anyone means every one of them.
FEW_WORDS = 2
# Words that people ask with (how do I find …, good practices for …) keep this share of their
# weight beside other words: a title may still be known by them.
ASKING = 0.3
