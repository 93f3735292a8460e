"""Measure linking: precision, recall, F1, calibration and speed, against simpler methods and without its parts.

    python benchmarks/linking.py            # the tables of docs/linking.md
    python benchmarks/linking.py fit        # fit the weights anew: src/vetgraph/linking/tables/evidence.csv
    python benchmarks/linking.py speed      # 3,000 x 3,000 and 100,000 x 10,000 names

The labelled names are ``benchmarks/names/*.csv``; ``benchmarks/labelled.py`` tells how they were made. Weights are
fitted on the part ``fit`` alone; figures are of the part ``test``, whose entities the fit has never seen.
"""

from __future__ import annotations

import csv
import itertools
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import optimize, sparse

from vetgraph.linking import Entry, Matcher, model, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent / "names"
PULL = 0.2
"""How strongly a weight is held to the one set by hand, where the pairs tell little of it."""


@dataclass(frozen=True)
class Answer:
    """What a method said of one source: the target, how sure it is, whether it would accept it alone."""

    target: str
    confidence: float
    accepted: bool


def _rows(file: str, part: str) -> list[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as opened:
        return [row for row in csv.DictReader(opened) if row["part"] == part]


def _entry(row: dict[str, str]) -> Entry:
    codes = (row["code"],) if row["code"] else ()
    return Entry.of(row["name"], row["id"], region=row["region"], ownership=row["ownership"], codes=codes)


def read(part: str) -> tuple[list[Entry], list[Entry], list[str], list[str]]:
    """Read a part: targets, sources, the target that each source means (or none), the rule that made it."""
    rows = _rows("sources.csv", part)
    targets = [_entry(row) for row in _rows("targets.csv", part)]
    return targets, [_entry(row) for row in rows], [row["target"] for row in rows], [row["rule"] for row in rows]


# Fitting: a conditional logit. Each source means one of its candidates or none of them; the weights of the evidence are
# those under which what is true is likeliest, held to the weights set by hand.


def fit() -> None:
    """Fit the weights and write them."""
    targets, sources, truth, _ = read("fit")
    table = rules.rows("evidence")
    names = [(row["key"], row["value"]) for row in table]
    at = {name: number for number, name in enumerate(names)}
    groups: list[int] = []
    rows: list[int] = []
    columns: list[int] = []
    hits: list[bool] = []
    matcher = Matcher(targets)
    for number, (compared, true) in enumerate(zip(matcher.compare(sources), truth, strict=True)):
        for one in compared:
            rows += [len(groups)] * (len(one.evidence) + 1)
            columns += [at["base", ""], *(at[pair] for pair in one.evidence)]
            groups.append(number)
            hits.append(matcher.entries[one.entry].id == true)
    shape = (len(groups), len(names))
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    prior = np.array([float(row["prior"]) for row in table])
    fitted = _conditional_logit(matrix, np.array(groups), np.array(hits, float), prior, [_bounds(row) for row in table])
    seen = np.asarray(matrix.sum(axis=0)).ravel()
    for row, weight, count in zip(table, fitted, seen, strict=True):
        row["weight"] = f"{weight:.2f}" if count else row["prior"]
    with (rules.FOLDER / "evidence.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def _bounds(row: dict[str, str]) -> tuple[float | None, float | None]:
    """Keep the sign that was set by hand: what speaks for a pair may lose all its weight, not change sides."""
    prior = float(row["prior"])
    if row["key"] in {"base", "calibration", "kind"}:
        return None, None
    return (0, None) if prior > 0 else (None, 0) if prior < 0 else (None, None)


def _conditional_logit(
    matrix: Any,  # noqa: ANN401 - scipy has no types
    groups: np.ndarray,
    hits: np.ndarray,
    prior: np.ndarray,
    bounds: Sequence[tuple[float | None, float | None]],
) -> np.ndarray:
    size = int(groups.max()) + 1

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        top = np.zeros(size)
        np.maximum.at(top, groups, scores)
        each = np.exp(scores - top[groups])
        whole = np.bincount(groups, each, size) + np.exp(-top)
        value = float(np.sum(np.log(whole) + top) - np.sum(scores * hits))
        slope = matrix.T @ (each / whole[groups] - hits)
        off = weights - prior
        return value + PULL * float(off @ off), slope + 2 * PULL * off

    return np.asarray(optimize.minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds).x)


# Figures.


def ours(targets: Sequence[Entry], sources: Sequence[Entry]) -> list[Answer]:
    """Link with this project's method."""
    found = Matcher(targets).best_of(sources, 1)
    return [
        Answer(best[0].target, best[0].confidence, best[0].decision == "match")
        if best
        else Answer("", 0, accepted=False)
        for best in found
    ]


def main() -> None:
    """Print the tables."""
    targets, sources, truth, made_by = read("test")
    answers = ours(targets, sources)
    report("vetgraph", answers, truth)
    reliability(answers, truth)
    by_rule(answers, truth, made_by, sources)


def report(name: str, answers: Sequence[Answer], truth: Sequence[str]) -> None:
    """Print one line of the table of methods."""
    accepted = [(answer.target == true) for answer, true in zip(answers, truth, strict=True) if answer.accepted]
    right, present = sum(accepted), sum(bool(true) for true in truth)
    precision, recall = right / max(len(accepted), 1), right / present
    found = sum(
        bool(true) and a.target == true and a.confidence >= model.REVIEW for a, true in zip(answers, truth, strict=True)
    )
    print(
        f"| {name} | {len(accepted)} | {precision:.4f} | {recall:.4f} | "
        f"{2 * precision * recall / max(precision + recall, 1e-9):.4f} | {found / present:.4f} |"
    )


def reliability(answers: Sequence[Answer], truth: Sequence[str]) -> None:
    """Print how often answers of a confidence are right."""
    told = np.array([answer.confidence for answer in answers])
    right = np.array([answer.target == true and bool(true) for answer, true in zip(answers, truth, strict=True)], float)
    print("brier", round(float(np.mean((told - right) ** 2)), 4))
    edges = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0001]
    for low, high in itertools.pairwise(edges):
        here = (told >= low) & (told < high)
        if here.any():
            print(f"| {low}-{min(high, 1)} | {here.sum()} | {told[here].mean():.3f} | {right[here].mean():.3f} |")


def by_rule(answers: Sequence[Answer], truth: Sequence[str], made_by: Sequence[str], sources: Sequence[Entry]) -> None:
    """Print what became of each kind of variant."""
    counts: Counter[tuple[str, str]] = Counter()
    for answer, true, rule, source in zip(answers, truth, made_by, sources, strict=True):
        right = answer.target == true and bool(true)
        kind = "match" if answer.accepted else "review" if answer.confidence >= model.REVIEW else "none"
        counts[rule if true else "absent", f"{kind} {'right' if right else 'wrong' if kind != 'none' else ''}"] += 1
        if kind == "match" and not right:
            print("WRONG", source.names[0].text, "->", answer.target, answer.confidence, "true", true, rule)
    for rule in sorted({rule for rule, _ in counts}):
        print(rule, {what: n for (r, what), n in sorted(counts.items()) if r == rule})


if __name__ == "__main__":
    {"fit": fit}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
