"""Linking: which thing a name in a list means, how sure that is, and why.

    matcher = Matcher(entries_of(store))
    for candidate in matcher.best("許昌科技學校"):
        print(candidate.decision, candidate.label, candidate.confidence)

A name is folded (`vetgraph.linking.script`), taken apart (`parts`, `places`), compared with those that share what is
rare in it (`retrieval`, `features`), and the evidence is weighed (`model`). The rules are tables (``tables/*.csv``).
"""

from __future__ import annotations

from vetgraph.linking.entries import KINDS, Candidate, Decision, Entry, Evidence, Kind, Link, Name
from vetgraph.linking.matcher import Matcher
from vetgraph.linking.targets import entries_of

__all__ = ["KINDS", "Candidate", "Decision", "Entry", "Evidence", "Kind", "Link", "Matcher", "Name", "entries_of"]
