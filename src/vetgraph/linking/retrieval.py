"""Which names are worth a comparison: an index of what is rare in them, as sparse matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from vetgraph.linking import places
from vetgraph.linking.script import syllables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from vetgraph.linking.features import Form

_CHUNK: Final = 2048
_COMMON: Final = 400
"""A token of more names than this tells little; it is left out where a name has rarer ones."""


def tokens(form: Form) -> set[str]:
    """Return what a name is found by: itself, its place, its distinctive words, how they sound, its codes.

    Args:
        form: The name.

    Returns:
        Tokens.
    """
    parts = form.parts
    found = {f"={parts.text}"}
    found |= {f"#{code}" for code in form.facts.codes}
    kinds = parts.type.keys or {""}
    for code in (form.place or form.facts.region).codes:
        now = places.present(code)
        found.add(f"@{now}")
        found |= {f"@{now} {kind}" for kind in kinds}
        found |= {f"@{now} {kind} {parts.core}" for kind in kinds}
    core = parts.core
    if core and not parts.latin:
        found.add(f"*{core}")
        found |= {core[at : at + 2] for at in range(len(core) - 1)}
        found |= {f"~{one}" for one in syllables(core)}
        if parts.ordinal:
            found.add(f"*{core}{parts.ordinal}")
    elif not core:
        found |= {f"%{kind} {parts.ordinal}" for kind in kinds}
    return found


class Index:
    """Names by their tokens."""

    def __init__(self, forms: Sequence[Form]) -> None:
        """Index names.

        Args:
            forms: The names.
        """
        self._ids: dict[str, int] = {}
        self.size = len(forms)
        matrix = self._matrix([tokens(form) for form in forms], grow=True)
        counts = np.asarray(matrix.sum(axis=0)).ravel()
        # A token in many names tells little of any: its share falls with its frequency (inverse document frequency).
        weight = np.log1p(max(self.size, 2) / np.maximum(counts, 1))
        weight[counts > max(_COMMON, self.size // 20)] *= 0.0 if self.size > _COMMON else 1.0
        self._weight = weight
        self._columns = sparse.csr_matrix((matrix @ sparse.diags(weight)).T)

    def _matrix(self, sets: Sequence[set[str]], *, grow: bool = False) -> sparse.csr_matrix:
        ids = self._ids
        if grow:
            for found in sets:
                for token in found:
                    ids.setdefault(token, len(ids))
        columns = [[ids[token] for token in found if token in ids] for found in sets]
        starts = np.cumsum([0, *(len(found) for found in columns)])
        flat = np.fromiter((at for found in columns for at in found), dtype=np.int32, count=int(starts[-1]))
        ones = np.ones(len(flat), dtype=np.float32)
        return sparse.csr_matrix((ones, flat, starts), shape=(len(sets), max(len(ids), 1)))

    def search(self, forms: Sequence[Form], limit: int) -> Iterator[npt.NDArray[Any]]:
        """Find the names that share most with each of others.

        Args:
            forms: The names to look up.
            limit: How many to return for each, at most.

        Yields:
            For each name the positions of those found, the best first.
        """
        for start in range(0, len(forms), _CHUNK):
            chunk = self._matrix([tokens(form) for form in forms[start : start + _CHUNK]])
            scores = sparse.csr_matrix(chunk @ self._columns)
            for at in range(chunk.shape[0]):
                here = slice(scores.indptr[at], scores.indptr[at + 1])
                found, score = scores.indices[here], scores.data[here]
                # Rounded, and by position where equal: the same names come whatever the order of tokens was.
                yield found[np.lexsort((found, -np.round(score, 3)))[:limit]]
