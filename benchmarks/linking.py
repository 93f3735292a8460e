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
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import labelled
import numpy as np
from rapidfuzz import fuzz, process
from scipy import optimize, sparse

from vetgraph.linking import Entry, Matcher, features, model, parts, places, retrieval, rules, script
from vetgraph.linking.script import fold

HERE = Path(__file__).resolve().parent / "names"
WANTED = 0.99
PULL = 0.2
"""How strongly a weight is held to the one set by hand, where the pairs tell little of it."""


@dataclass(frozen=True)
class Answer:
    """What a method said of one source: the target, how sure it is, whether it would accept it alone."""

    target: str
    confidence: float
    accepted: bool


Method = Callable[[Sequence[Entry], Sequence[Entry]], list[Answer]]


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


# Methods to compare with. The threshold of each is chosen on the part "fit": the lowest at which 99 % of what it takes
# is right, or, where it never gets there, the one with the best precision.


def exact(targets: Sequence[Entry], sources: Sequence[Entry]) -> list[Answer]:
    """Accept a name that stands among the targets letter by letter."""
    known = {entry.label: entry.id for entry in targets}
    return [_scored(known.get(entry.label, ""), 100.0 if entry.label in known else 0.0) for entry in sources]


def fingerprint(targets: Sequence[Entry], sources: Sequence[Entry]) -> list[Answer]:
    """Accept a name with the same key of sorted pairs of characters, as OpenRefine's n-gram fingerprint is."""
    known: dict[str, list[str]] = {}
    for entry in targets:
        known.setdefault(_pairs(entry.label), []).append(entry.id)
    found = [known.get(_pairs(entry.label), []) for entry in sources]
    return [_scored(ids[0] if len(ids) == 1 else "", 100.0 if len(ids) == 1 else 0.0) for ids in found]


def _pairs(name: str) -> str:
    plain = re.sub(r"[\W_]+", "", name.lower())
    return "".join(sorted({plain[at : at + 2] for at in range(max(len(plain) - 1, 1))}))


def nearest(scorer: Any, *, folded: bool = False) -> Method:  # noqa: ANN401 - rapidfuzz's scorers
    """Take the name with the best score of rapidfuzz."""

    def method(targets: Sequence[Entry], sources: Sequence[Entry]) -> list[Answer]:
        prepare = fold if folded else str
        known = [prepare(entry.label) for entry in targets]
        wanted = [prepare(entry.label) for entry in sources]
        table = process.cdist(wanted, known, scorer=scorer, workers=2)
        best = table.argmax(axis=1)
        return [_scored(targets[at].id, float(row[at])) for at, row in zip(best, table, strict=True)]

    return method


def _scored(target: str, score: float) -> Answer:
    return Answer(target, score / 100, accepted=False)


def threshold(answers: Sequence[Answer], truth: Sequence[str]) -> float:
    """Choose the threshold of a method."""
    ordered = sorted(zip(answers, truth, strict=True), key=lambda one: -one[0].confidence)
    best, chosen, right = 0.0, 1.0, 0
    for count, (answer, true) in enumerate(ordered, 1):
        right += answer.target == true != ""
        last = count == len(ordered) or ordered[count][0].confidence < answer.confidence
        if last and answer.confidence > 0 and (right / count >= WANTED or (best < WANTED and right / count > best)):
            best, chosen = max(best, min(right / count, WANTED)), answer.confidence
    return chosen


# Ours, and ours without its parts.


def ours(targets: Sequence[Entry], sources: Sequence[Entry]) -> list[Answer]:
    """Link with this project's method."""
    found = Matcher(targets).best_of(sources, 1)
    return [
        Answer(one[0].target, one[0].confidence, one[0].decision == "match") if one else Answer("", 0, accepted=False)
        for one in found
    ]


def without(**changes: Any) -> Method:  # noqa: ANN401 - functions of several modules
    """Link with parts of the method replaced: ``module__function`` names what, the value is what stands there."""

    def method(targets: Sequence[Entry], sources: Sequence[Entry]) -> list[Answer]:
        with ExitStack() as stack:
            for name, change in changes.items():
                module, _, function = name.partition("__")
                stack.enter_context(patch.object(MODULES[module], function, change))
            _forget()
            answers = ours(targets, sources)
        _forget()
        return answers

    return method


def _forget() -> None:
    for module in MODULES.values():
        for one in vars(module).values():
            if hasattr(one, "cache_clear"):
                one.cache_clear()


class _Same:
    """A converter that leaves all as it is."""

    @staticmethod
    def convert(text: str) -> str:
        """Return the text."""
        return text


def _by_hand() -> dict[tuple[str, str], model.Weight]:
    """Return the weights set by hand."""
    fitted = model.weights()
    hand = {(row["key"], row["value"]): float(row["prior"]) for row in rules.rows("evidence")}
    return {pair: model.Weight(hand[pair], one.bars, one.text) for pair, one in fitted.items()}


def _never(**bars: bool) -> dict[tuple[str, str], model.Weight]:
    """Return the weights with nothing that bars a pair, so that the probability alone decides."""
    del bars
    return {pair: model.Weight(one.weight, bars=False, text=one.text) for pair, one in model.weights().items()}


def main() -> None:
    """Print the tables."""
    fit_part, test_part = read("fit"), read("test")
    targets, sources, truth, made_by = test_part
    print("| method | accepted | precision | recall | F1 | right one shown | seconds |\n|---|---|---|---|---|---|---|")
    for name, method in METHODS.items():
        limit = threshold(method(fit_part[0], fit_part[1]), fit_part[2])
        began = time.process_time()
        answers = method(targets, sources)
        took = time.process_time() - began
        accepted = [Answer(a.target, a.confidence, a.confidence >= limit and bool(a.target)) for a in answers]
        report(f"{name}, from {limit:.2f}" if 0 < limit < 1 else name, accepted, truth, took)
    hand, free = _by_hand(), _never()
    parts_left_out: dict[str, dict[str, Any]] = {
        "vetgraph": {},
        "without OpenCC": {"script___simplifier": lambda: _Same},
        "without pinyin": {"features__syllables": tuple, "retrieval__syllables": tuple, "features__pinyin": str},
        "without the history of places": {"places__present": lambda code: code},
        "without the similarity of words": {"features___distance": lambda _a, _b: "differ"},
        "with weights set by hand": {"model__weights": lambda: hand},
        "with the probability alone": {"model__weights": lambda: free},
    }
    for name, changes in parts_left_out.items():
        began = time.process_time()
        answers = without(**changes)(targets, sources)
        report(name, answers, truth, time.process_time() - began)
    answers = ours(targets, sources)
    reliability(answers, truth)
    by_rule(answers, truth, made_by, targets, sources)


def report(name: str, answers: Sequence[Answer], truth: Sequence[str], took: float) -> None:
    """Print one line of the table of methods."""
    accepted = [answer.target == true for answer, true in zip(answers, truth, strict=True) if answer.accepted]
    right, present = sum(accepted), sum(bool(true) for true in truth)
    precision, recall = right / max(len(accepted), 1), right / present
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    seen = sum(
        bool(true) and answer.target == true and (answer.accepted or answer.confidence >= model.REVIEW)
        for answer, true in zip(answers, truth, strict=True)
    )
    print(
        f"| {name} | {len(accepted)} | {precision:.4f} | {recall:.3f} | {f1:.3f} | {seen / present:.3f} | {took:.1f} |"
    )


def reliability(answers: Sequence[Answer], truth: Sequence[str]) -> None:
    """Print how often answers of a confidence are right, the Brier score and the expected calibration error."""
    told = np.array([answer.confidence for answer in answers])
    right = np.array([answer.target == true != "" for answer, true in zip(answers, truth, strict=True)], float)
    print("\n| confidence | rows | mean | right |\n|---|---|---|---|")
    error = 0.0
    for low, high in itertools.pairwise([0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.98, 1.0001]):
        here = (told >= low) & (told < high)
        if here.any():
            error += abs(told[here].mean() - right[here].mean()) * here.sum() / len(told)
            print(f"| {low}-{min(high, 1)} | {here.sum()} | {told[here].mean():.3f} | {right[here].mean():.3f} |")
    print(f"\nBrier score {np.mean((told - right) ** 2):.4f}, expected calibration error {error:.4f}\n")


def by_rule(
    answers: Sequence[Answer],
    truth: Sequence[str],
    made_by: Sequence[str],
    targets: Sequence[Entry],
    sources: Sequence[Entry],
) -> None:
    """Print what became of each kind of variant, and every wrong link that was accepted."""
    counts: Counter[tuple[str, str]] = Counter()
    label = {entry.id: entry.label for entry in targets}
    for answer, true, rule, source in zip(answers, truth, made_by, sources, strict=True):
        right = answer.target == true != ""
        decision = "match" if answer.accepted else "review" if answer.confidence >= model.REVIEW else "none"
        counts[rule if true else "absent", decision if right or decision == "none" else f"{decision} (wrong)"] += 1
        if decision == "match" and not right:
            print("wrong:", source.label, "->", label[answer.target], "not", label.get(true))
    kinds = ["match", "review", "none", "review (wrong)", "match (wrong)"]
    print("| variant | " + " | ".join(kinds) + " |\n|---" + "|---" * len(kinds) + "|")
    for rule in sorted({rule for rule, _ in counts}):
        print(f"| {rule} | " + " | ".join(str(counts[rule, kind]) for kind in kinds) + " |")


def speed() -> None:
    """Print how long lists of two sizes take."""
    for many, few in ((3_000, 3_000), (100_000, 10_000)):
        names = _many(many + few // 2)
        targets = [Entry.of(name, str(at)) for at, name in enumerate(names[:few])]
        sources = [Entry.of(name, str(at)) for at, name in enumerate(names[few // 2 : few // 2 + many])]
        began = time.process_time()
        matcher = Matcher(targets)
        built = time.process_time() - began
        count = Counter(link.decision for link in matcher.link(sources, limit=1))
        print(f"{many} x {few}: {time.process_time() - began:.1f} s ({built:.1f} s to index)", dict(count))


def _many(count: int) -> list[str]:
    """Compose many names of real places; half of the targets are among the sources."""
    chance = random.Random(labelled.SEED)  # noqa: S311 - no secret
    where = sorted(places.gazetteer().names.values())
    found: dict[str, None] = {}
    while len(found) < count:
        found[chance.choice(where) + chance.choice(labelled.MIDDLES) + chance.choice(labelled.TYPES)] = None
    return list(found)


METHODS: dict[str, Method] = {
    "exact": exact,
    "n-gram fingerprint (OpenRefine)": fingerprint,
    "rapidfuzz ratio (Levenshtein)": nearest(fuzz.ratio),
    "rapidfuzz token sort ratio": nearest(fuzz.token_sort_ratio),
    "rapidfuzz ratio on folded names": nearest(fuzz.ratio, folded=True),
}
MODULES = {
    "script": script,
    "features": features,
    "retrieval": retrieval,
    "places": places,
    "model": model,
    "parts": parts,
}

if __name__ == "__main__":
    {"fit": fit, "speed": speed}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
