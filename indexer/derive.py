"""Makes the data files that are derived from others: `python -m indexer.derive [WORDNET]`.

Run it after a change of the text analysis or of a source, and commit what it writes; a test
holds that the files are those that this code makes. Needs simplemma, which nothing else does,
and for the English synonyms the folder `dict` of WordNet 3.1, which is not kept here.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from indexer.language import DATA, fold, form, is_greek, snowball, stop_words, tokens

LEMMAS = DATA / "lemmas" / "stems.tsv"
FREEDICT = DATA / "freedict-eng-ell" / "eng-ell.tsv"
SYNONYMS = DATA / "wordnet" / "synonyms.tsv"
PAIRS = DATA / "freedict-eng-ell" / "pairs.tsv"

# A stem is joined to a lemma's only if at least this share of the stem's forms belong to it: on
# the law headings this is what gained; lower shares join different words (ανοχή, ανορχισμός).
LEAST_SHARE = 0.7
MOST_WORDS = 4
MOST_MEANINGS = 6
MOST_SENSES = 2


def lemma_stems() -> dict[str, str]:
    """Snowball stems of inflected forms with the stem of their lemma, where the two differ."""
    from simplemma.strategies import DefaultDictionaryFactory

    joined: dict[str, str] = {}
    for language in ("el", "en"):
        forms: Counter[str] = Counter()
        votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for inflected, lemma in DefaultDictionaryFactory().get_dictionary(language).items():
            word, base = fold(_text(inflected)), fold(_text(lemma))
            # Labels of tables went into the lists as if they were forms (language of άντρας).
            if word.isalpha() and base.isalpha() and is_greek(word) == is_greek(base):
                forms[snowball(word)] += 1
                votes[snowball(word)][snowball(base)] += 1
        for found, bases in votes.items():
            base, count = min(bases.items(), key=lambda item: (-item[1], item[0]))
            if base != found and count >= LEAST_SHARE * forms[found]:
                joined[found] = base
    return {found: _end(joined, found) for found in sorted(joined)}


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _end(joined: dict[str, str], found: str) -> str:
    """Follow a chain of joins to its end; a ring ends where it closes."""
    seen = {found}
    target = joined[found]
    while target in joined and target not in seen:
        seen.add(target)
        target = joined[target]
    return target


def meaning_key(phrase: str) -> str:
    """A phrase's words less their endings, function words left out; empty if it has too many."""
    words = [token.term for token in tokens(phrase)]
    useful = [word for word in words if word not in stop_words()]
    return " ".join(form(word) for word in useful) if 0 < len(useful) <= MOST_WORDS else ""


def pairs() -> dict[str, list[str]]:
    """Of each phrase in the dictionary, either language, what it means in the other one."""
    there: defaultdict[str, list[str]] = defaultdict(list)
    back: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    with FREEDICT.open(encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        for row in rows:
            key = meaning_key(re.sub(r"\(.*?\)", "", row[0]))
            for rank, phrase in enumerate(re.split(r"[,;]", re.sub(r"\(.*?\)", "", row[1]))):
                meaning = meaning_key(phrase)
                if key and meaning and meaning != key:
                    there[key].append(meaning)
                    back[meaning].append((rank, key))
    for meaning, keys in back.items():
        there[meaning] += [key for _, key in sorted(keys)]
    return {key: _first(meanings) for key, meanings in sorted(there.items())}


def _first(meanings: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(meanings))[:MOST_MEANINGS]


def lemma_lines() -> str:
    lines = (f"{found}\t{base}\n" for found, base in lemma_stems().items())
    return "# stem\tstem of the lemma; made by indexer/derive.py, see SOURCE.txt\n" + "".join(lines)


def pair_lines() -> str:
    return _lines(pairs())


def _lines(table: Mapping[str, list[str]]) -> str:
    """A table as sorted lines, so that it can be searched by bisection."""
    return "".join(sorted(f"{key}\t{'|'.join(keys)}\n" for key, keys in table.items() if keys))


def synonyms(wordnet: Path) -> dict[str, list[str]]:
    """Of English words, the others of their frequent senses in WordNet.

    A sense counts as frequent where WordNet's own tagged texts have it, and of those the first
    of a word: rarer senses bring more wrong words than right ones.
    """
    members = {}
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{kind}").read_text("utf-8").splitlines():
            fields = line.split()
            if not line.startswith("  ") and fields:
                words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
                members[f"{kind}{fields[0]}"] = [word.split("(")[0] for word in words]
    kinds = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in (wordnet / "index.sense").read_text("utf-8").splitlines():
        sense, offset, number, tagged = line.split()
        lemma, _, rest = sense.partition("%")
        if int(tagged) and int(number) <= MOST_SENSES:
            others = members[f"{kinds[rest[0]]}{offset}"]
            key = meaning_key(lemma.replace("_", " "))
            keys = (meaning_key(other.replace("_", " ")) for other in others)
            found[key] += [(-int(tagged), other) for other in keys if other not in ("", key)]
    return {key: _first(k for _, k in sorted(keys)) for key, keys in sorted(found.items()) if key}


if __name__ == "__main__":
    LEMMAS.write_text("", "utf-8")
    LEMMAS.write_text(lemma_lines(), "utf-8")
    from indexer.language import _lemma_stems

    _lemma_stems.cache_clear()
    PAIRS.write_text(pair_lines(), "utf-8")
    if len(sys.argv) > 1:
        SYNONYMS.write_text(_lines(synonyms(Path(sys.argv[1]))), "utf-8")
