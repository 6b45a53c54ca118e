"""Links that say too little: to whoever searches, reads a list of links, or finds one broken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.practices.advice.model import Found
from kb.practices.advice.texts import ADDRESS, plain

# A text with a link that has fewer words of its own than this says nothing by itself.
FEWEST_WORDS = 10

LINK = re.compile(r"\[(?P<words>[^\[\]\n]{1,300})\]\((?P<address>[^()\s]{1,2000})[^()\n]{0,300}\)")
MARKS = re.compile(r"[*_`>#|.,:;!?…·()\[\]«»“”\"→»>–-]+")


def _plain(words: str) -> str:
    return " ".join(plain(MARKS.sub(" ", words)).split())


# The words of a link that name nothing.
VAGUE = frozenset(
    _plain(words)
    for line in """
    εδώ|κλικ εδώ|κάντε κλικ εδώ|κάνετε κλικ εδώ|πατήστε εδώ|πατήστε|δείτε εδώ|βλέπε εδώ|βλ εδώ
    διαβάστε εδώ|δείτε|δείτε περισσότερα|περισσότερα|περισσότερα εδώ|διαβάστε περισσότερα
    μάθετε περισσότερα|περισσότερες πληροφορίες|σύνδεσμος|ο σύνδεσμος|σύνδεσμο|στον σύνδεσμο
    στο σύνδεσμο|αυτός ο σύνδεσμος|αυτόν τον σύνδεσμο|αυτό τον σύνδεσμο|παρακάτω|συνέχεια|λινκ|λήψη
    here|click here|click|see here|read here|press here|more|read more|see more|learn more|find more
    more here|more info|more information|further information|link|the link|this link|this page|this
    this website|website|page|download|see|continue
    """.split("\n")
    for words in line.split("|")
    if words.strip()
)


def vague(text: str) -> Iterator[Found]:
    """Links called “here”, “more” and the like."""
    for found in LINK.finditer(text):
        if _plain(found["words"]) in VAGUE:
            yield Found(found["words"], found.start("words"))


def bare(text: str) -> Iterator[Found]:
    """Web addresses that are read as such, in a link or by themselves."""
    behind = {found.start("address") for found in LINK.finditer(text)}
    for found in ADDRESS.finditer(text):
        if found.start() not in behind:
            yield Found(found[0], found.start())


def same(text: str) -> Iterator[Found]:
    """The words of links that stand for one address here and for another there."""
    first: dict[str, str] = {}
    told = set()
    for found in LINK.finditer(text):
        words = _plain(found["words"])
        leads_elsewhere = first.setdefault(words, found["address"]) != found["address"]
        if leads_elsewhere and words not in VAGUE and words not in told:
            told.add(words)
            yield Found(found["words"], found.start("words"))


def alone(text: str) -> Iterator[Found]:
    """The first link of a text that says little besides."""
    link = LINK.search(text) or ADDRESS.search(text)
    if link is None:
        return
    rest = MARKS.sub(" ", ADDRESS.sub(" ", LINK.sub(" ", text)))
    if len(rest.split()) < FEWEST_WORDS:
        words = link["words"] if "words" in link.re.groupindex else link[0]
        yield Found(words, link.start())
