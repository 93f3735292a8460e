"""Values for a query's variables, put into its text for services that take nothing but text.

The engine in this process takes values beside the query. For other services the query is rewritten token by token:
within the groups where a variable can be seen, the term takes its place, and ``VALUES`` gives the variable its value
for the projection, for grouping and for ordering, which stay as they are. Only terms that the engine wrote go in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from vetgraph import querytext
from vetgraph.errors import QueryError, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FORMS = frozenset({"select", "ask", "construct", "describe"})


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind == "word" else ""

    @property
    def variable(self) -> str:
        return self.text[1:] if self.kind == "variable" else ""


def substitute(text: str, values: Mapping[str, Any]) -> str:
    """Give variables of a query their values.

    Args:
        text: A SPARQL query.
        values: Terms by variable.

    Returns:
        A query that answers as the embedded engine does with these values beside the query.

    Raises:
        QueryError: A variable is not selected, a value is no IRI or literal, or the text is ambiguous.
    """
    return _Rewriting(text, values).written() if values else text


def not_selected(name: str) -> QueryError:
    """Say that a value is given for a variable that a query does not select.

    Args:
        name: The variable.

    Returns:
        The error to raise.
    """
    return QueryError(
        Text(
            f"给了 ?{name} 的值，但查询的 SELECT 里没有它",
            f"a value is given for ?{name}, but the query does not select it",
        ),
        Text(f"在 SELECT 后加上 ?{name}", f"add ?{name} after SELECT"),
    )


def compare_graphs(text: str) -> tuple[str, frozenset[str]]:
    """Let a query find its graphs by comparison, for a service that sees a graph only by a variable.

    Args:
        text: A SPARQL query.

    Returns:
        The same query with ``GRAPH ?graph_1 { … } FILTER(?graph_1 = <x>)`` for ``GRAPH <x> { … }``, and the new
        variables, which ``SELECT *`` shows.
    """
    return _Rewriting(text, {}).with_compared_graphs()


class _Rewriting:
    """One query on its way to its new text."""

    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self._text = text
        self._values = {name: _serialised(name, term) for name, term in values.items()}
        found = querytext.tokens(text)
        self._tokens = [
            _Token(str(match.lastgroup), match.group(), *match.span())
            for match in found
            if match.lastgroup != "comment"
        ]
        self._closes = self._matched()
        self._edits: list[tuple[int, int, str]] = []
        self._refuse_ambiguity()

    def written(self) -> str:
        """Return the new text."""
        form = next((at for at, token in enumerate(self._tokens) if token.word in _FORMS), None)
        if form is None:
            return self._text  # no query; the service says so
        self._form(form, len(self._tokens), frozenset(self._values), top=True)
        return self._applied()

    def with_compared_graphs(self) -> tuple[str, frozenset[str]]:
        """Return the text with variables for the names of graphs."""
        made: set[str] = set()
        used = {token.variable for token in self._tokens}
        fresh = (name for name in self._names("graph") if name not in used)
        for at, (word, name, brace) in enumerate(zip(self._tokens, self._tokens[1:], self._tokens[2:], strict=False)):
            if word.word != "graph" or name.kind not in {"iri", "name"} or brace.text != "{":
                continue
            new = next(fresh)
            made.add(new)
            variable = f"?{new}"
            close = self._closes[at + 2]
            if close < len(self._tokens):
                self._edits.append((name.start, name.end, variable))
                self._edit(self._tokens[close].end, f" FILTER({variable} = {name.text}) ")
        return self._applied(), frozenset(made)

    def _applied(self) -> str:
        written: list[str] = []
        done = 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            written += [self._text[done:start], new]
            done = end
        return "".join([*written, self._text[done:]])

    def _matched(self) -> dict[int, int]:
        """Return the closing token of each opening one."""
        closes, opened = {}, []
        for at, token in enumerate(self._tokens):
            if token.kind == "open":
                opened.append(at)
            elif token.kind == "close" and opened:
                closes[opened.pop()] = at
        return {**dict.fromkeys(opened, len(self._tokens)), **closes}

    def _refuse_ambiguity(self) -> None:
        """``?a<?b&&?c>?d`` is an IRI to a lexer; whether it is one only a parser can tell."""
        for token in self._tokens:
            if token.kind == "iri" and any(f"{sign}{name}" in token.text for sign in "?$" for name in self._values):
                line, column = querytext.position(self._text, token.start)
                raise QueryError(
                    Text(f"分不清 {token.text} 是 IRI 还是比较", f"{token.text} may be an IRI or a comparison"),
                    Text("在 < 后加空格", "write a space after <"),
                    line=line,
                    column=column,
                    excerpt=querytext.excerpt(self._text, line, column),
                )

    def _form(self, form: int, end: int, names: frozenset[str], *, top: bool) -> None:
        """Rewrite a query or subselect whose first word is at a place."""
        first = self._brace(form + 1, end)
        kind = self._tokens[form].word
        if kind == "construct" and first == form + 1:
            first = self._brace(self._closes[first] + 1, end)  # the first braces hold the template
        elif kind == "construct":
            self._pattern(first, end, names)  # CONSTRUCT WHERE: the pattern is the template
            return
        elif kind == "select":
            seen = self._selected(form + 1, first, names)
            if top and seen != names:
                raise not_selected(min(names - seen))
            names = seen
        if first == end:  # DESCRIBE ?x
            self._pattern(form, end, names)
        elif names:
            self._group(first, names, given=names)

    def _brace(self, at: int, end: int) -> int:
        """Return the next opening brace that no parentheses enclose."""
        while at < end:
            if self._tokens[at].text == "{":
                return at
            at = self._closes[at] + 1 if self._tokens[at].text == "(" else at + 1
        return end

    def _selected(self, start: int, end: int, names: frozenset[str]) -> frozenset[str]:
        """Return which variables a projection names."""
        seen: set[str] = set()
        at = start
        while at < end:
            token = self._tokens[at]
            if token.text == "*":
                return names
            if token.text == "(":
                at = min(self._closes[at], end)
                token = self._tokens[at - 1]
            seen.add(token.variable)
            at += 1
        return names & seen

    def _group(self, brace: int, names: frozenset[str], given: frozenset[str] = frozenset()) -> None:
        """Rewrite a group; the ``given`` variables are to have their values in its solutions."""
        start, end = brace + 1, self._closes[brace]
        values = "".join(f" VALUES ?{name} {{ {self._values[name]} }}" for name in sorted(given))
        if start < end and self._tokens[start].word == "select":
            if values:
                self._edit(self._tokens[brace].end, f"{values} {{")
                self._edit(self._tokens[end].start if end < len(self._tokens) else len(self._text), "} ")
            self._form(start, end, names, top=False)
            return
        if values:
            self._edit(self._tokens[brace].end, values + " ")
        self._pattern(start, end, names)

    def _pattern(self, start: int, end: int, names: frozenset[str]) -> None:
        at = start
        while at < end:
            token = self._tokens[at]
            if token.text == "{":
                self._group(at, names, self._subtracted(at, names))
                at = self._closes[at]
            elif token.word == "values":
                at = self._table(at, end, names)
            elif token.word == "bound" and at + 2 < end and self._tokens[at + 2].variable in names:
                self._edits.append((token.start, self._tokens[at + 3].end, "(true)"))
                at += 3
            elif token.variable in names:
                self._variable(at, token)
            at += 1

    def _subtracted(self, brace: int, names: frozenset[str]) -> frozenset[str]:
        """Return the variables that a ``MINUS`` shares with what it is taken from."""
        if self._tokens[brace - 1].word != "minus":
            return frozenset()
        return names & {token.variable for token in self._tokens[brace : self._closes[brace]]}

    def _variable(self, at: int, token: _Token) -> None:
        if self._tokens[at - 1].word == "as":
            self._renamed(token, self._tokens[at + 1].end)
        else:
            self._edits.append((token.start, token.end, f" {self._values[token.variable]} "))

    def _table(self, at: int, end: int, names: frozenset[str]) -> int:
        """Compare what a ``VALUES`` gives a variable with its value; return the last token of the table."""
        brace = self._brace_of_table(at, end)
        close = self._closes.get(brace, end)
        if close >= end:
            return end
        for token in self._tokens[at:brace]:
            if token.variable in names:
                self._renamed(token, self._tokens[close].end)
        return close

    def _brace_of_table(self, at: int, end: int) -> int:
        return next((here for here in range(at, end) if self._tokens[here].text == "{"), end)

    def _renamed(self, token: _Token, after: int) -> None:
        """Give a variable that the query binds itself another name, and compare it with the value."""
        fresh = self._fresh(token.variable)
        value = self._values[token.variable]
        self._edits.append((token.start, token.end, f"?{fresh}"))
        self._edit(after, f" FILTER(!BOUND(?{fresh}) || sameTerm(?{fresh}, {value})) ")

    def _fresh(self, name: str) -> str:
        used = {token.variable for token in self._tokens}
        return next(new for new in self._names(name) if new not in used)

    @staticmethod
    def _names(name: str) -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"{name}_{number}"

    def _edit(self, place: int, new: str) -> None:
        self._edits.append((place, place, new))


def _serialised(name: str, term: Any) -> str:  # noqa: ANN401 - any RDF term
    if isinstance(term, (ox.NamedNode, ox.Literal)):
        return str(term)
    raise QueryError(
        Text(f"?{name} 的值不是 IRI 或文字", f"the value of ?{name} is no IRI or literal"),
        Text("写 IRI、文字或数字", "write an IRI, a text or a number"),
    )
