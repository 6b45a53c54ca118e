"""Measures how well search finds: `python -m evaluation [--laws FOLDER] [--out FOLDER]`.

Prints a table for each of two sets of queries as people type them over the demo library, by kind
of query, one for its titles spoilt by rules, and one for headings of law articles, each beside
SQLite FTS5 on the same documents. `--laws` names a folder with all 21,474 articles
(docs_el_articles.tsv.gz and titlequeries_el_*.tsv) to search instead of the five codes on
migration that are kept here.
`--out` writes TREC runs and qrels. `--half 0` or `--half 1` asks only half of the questions, the
same ones in each run, so that a weight can be chosen on the one and judged on the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation import laws
from evaluation.fts5 import Fts5
from evaluation.library import Indexed, demo, plain
from evaluation.measures import Measures, mean, measure
from evaluation.probes import probes
from indexer import weights

DATA = Path(__file__).parent / "data"
TYPED = {
    "Typed queries over the demo library": DATA / "queries-dev.jsonl",
    "Second set of typed queries over the demo library": DATA / "queries-second.jsonl",
}
DEPTH = 10

Search = Callable[[str, str], list[str]]  # text and language → slugs, best first


@dataclass(frozen=True)
class Question:
    """A query with the documents that answer it, graded 2 (answers) or 1 (touches)."""

    id: str
    kind: str
    text: str
    language: str
    judged: Mapping[str, int]


def typed_queries(path: Path) -> list[Question]:
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [Question(q["qid"], q["kind"], q["text"], q["lang"], q["relevant"]) for q in lines]


def heading_queries(path: Path) -> list[Question]:
    return [
        Question(f"{path.stem}-{q}", path.stem, text, "el", {a: 2})
        for q, text, a in laws.headings(path)
    ]


def probe_queries(library: Indexed) -> list[Question]:
    return [
        Question(f"{way}-{slug}", way, text, language, {slug: 2})
        for way, text, language, slug in probes(library.titles())
    ]


def half_of(questions: Sequence[Question], half: int | None) -> list[Question]:
    """The questions of one half, told by what is asked; all of them where no half is named."""
    return [q for q in questions if half in (None, _digest(q.text) % 2)]


def _digest(text: str) -> int:
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16)


def compared(name: str, questions: Sequence[Question], library: Indexed, out: Path | None) -> None:
    """Ask both engines everything, print the table, and write the runs where asked to."""
    fts5 = Fts5(library.documents())
    engines: dict[str, Search] = {
        "indexer": lambda text, language: library.search(text, language, DEPTH),
        "fts5": lambda text, _language: fts5.search(text, DEPTH),
    }
    runs = {
        engine: {q.id: search(q.text, q.language) for q in questions}
        for engine, search in engines.items()
    }
    print(f"\n### {name}\n")
    print("| kind | queries | hit@1 | recall@10 | MRR@10 | nDCG@10 | FTS5 hit@1 | recall@10"
          " | MRR@10 | nDCG@10 |")  # fmt: skip
    print("| --- " * 10 + "|")
    answerable = [q for q in questions if q.judged]
    for kind, group in _by_kind(answerable):
        figures = [_mean(run, group) for run in runs.values()]
        print(f"| {kind} | {len(group)} | {' | '.join(_cells(f) for f in figures)} |")
    if out:
        _write(out, name.split()[0].lower(), questions, runs)


def _by_kind(questions: Sequence[Question]) -> Iterable[tuple[str, list[Question]]]:
    kinds: defaultdict[str, list[Question]] = defaultdict(list)
    for question in questions:
        kinds[question.kind].append(question)
    yield from sorted(kinds.items())
    if len(kinds) > 1:
        yield "**all**", list(questions)


def _mean(run: Mapping[str, Sequence[str]], questions: Iterable[Question]) -> Measures:
    return mean([measure(run[q.id], q.judged) for q in questions])


def _cells(figures: Measures) -> str:
    values = (figures.hit, figures.recall, figures.reciprocal_rank, figures.ndcg)
    return " | ".join(f"{value:.3f}" for value in values)


def _write(
    out: Path, name: str, questions: Sequence[Question], runs: Mapping[str, Mapping[str, list[str]]]
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    judged = (f"{q.id} 0 {slug} {grade}\n" for q in questions for slug, grade in q.judged.items())
    (out / f"{name}.qrels").write_text("".join(judged), "utf-8")
    for engine, run in runs.items():
        lines = (
            f"{query} Q0 {slug} {rank} {DEPTH + 1 - rank} {engine}\n"
            for query, found in run.items()
            for rank, slug in enumerate(found, start=1)
        )
        (out / f"{name}.{engine}.run").write_text("".join(lines), "utf-8")


def set_weight(name: str, value: str) -> None:
    """Give a weight another value, for this run."""
    part, _, aspect = name.partition(".")
    if aspect:
        weights.PARTS[part] = replace(weights.PARTS[part], **{aspect: float(value)})
    elif name in weights.LEVELS:
        weights.LEVELS[name] = float(value)
    elif isinstance(getattr(weights, name, None), int | float):
        setattr(weights, name, float(value))
    else:
        raise SystemExit(f"no such weight: {name}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("--laws", type=Path, help="folder of all law articles and headings")
    parser.add_argument("--out", type=Path, help="folder to write TREC runs and qrels to")
    parser.add_argument("--half", type=int, choices=(0, 1), help="ask only this half")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value of a name in indexer/weights.py, of a level by its"
        " name, of a part as title.weight or body.length",
    )
    options = parser.parse_args()
    for choice in options.set:
        set_weight(*choice.split("=", 1))
    with tempfile.TemporaryDirectory() as folder:
        library = demo(Path(folder))
        for name, path in TYPED.items():
            asked = half_of(typed_queries(path), options.half)
            compared(name, asked, library, options.out)
        asked = half_of(probe_queries(library), options.half)
        compared("Spoilt titles of the demo library", asked, library, options.out)
    articles = laws.CODES / "articles.tsv.gz"
    headings = [laws.CODES / "headings.tsv"]
    if options.laws:
        articles = options.laws / "docs_el_articles.tsv.gz"
        headings = sorted(options.laws.glob("titlequeries_el_*.tsv"))
    with tempfile.TemporaryDirectory() as folder:
        library = plain(Path(folder), laws.rows(articles))
        questions = [question for path in headings for question in heading_queries(path)]
        asked = half_of(questions, options.half)
        compared("Headings of law articles", asked, library, options.out)


main()
