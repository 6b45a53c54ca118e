"""Measures of a ranking against judgements, as TREC's tools compute them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10
RELEVANT = 2  # grade 1 is "touches the subject": it earns gain, not recall


@dataclass(frozen=True)
class Measures:
    """One query's figures, or the mean of many."""

    hit: float
    recall: float
    reciprocal_rank: float
    ndcg: float


def measure(ranking: Sequence[str], judged: Mapping[str, int]) -> Measures:
    """hit@1, recall@10 and MRR@10 of documents graded 2, nDCG@10 of all grades."""
    answers = [name for name, grade in judged.items() if grade >= RELEVANT]
    top = list(ranking[:DEPTH])
    ranks = [rank for rank, name in enumerate(top, start=1) if judged.get(name, 0) >= RELEVANT]
    # Where more than ten documents answer, finding ten of them is finding all there is room for.
    possible = min(len(answers), DEPTH)
    return Measures(
        hit=float(bool(ranks) and ranks[0] == 1),
        recall=len(ranks) / possible,
        reciprocal_rank=1 / ranks[0] if ranks else 0.0,
        ndcg=_gain([judged.get(name, 0) for name in top])
        / _gain(sorted(judged.values(), reverse=True)[:DEPTH]),
    )


def _gain(grades: Sequence[int]) -> float:
    gains = ((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
    return sum(gains)


def mean(figures: Sequence[Measures]) -> Measures:
    count = max(len(figures), 1)
    return Measures(
        hit=sum(f.hit for f in figures) / count,
        recall=sum(f.recall for f in figures) / count,
        reciprocal_rank=sum(f.reciprocal_rank for f in figures) / count,
        ndcg=sum(f.ndcg for f in figures) / count,
    )
