"""``vetgraph review``: decide on mappings in the terminal, one key a decision."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vetgraph.cli.talking import language, language_option, say, store_option
from vetgraph.errors import ConflictError, Text, UsageError

if TYPE_CHECKING:
    from vetgraph.review import Change, Decision, Verdict
    from vetgraph.sssom import MappingSet, Row

_HIDDEN = frozenset(
    {
        *("subject_id", "subject_label", "object_id", "object_label", "predicate_id", "mapping_justification"),
        *("mapping_date", "mapping_tool", "mapping_tool_version", "comment", "confidence", "license"),
    }
)
_KEYS = Text(
    "[a] 接受  [r] 拒绝  [o] 另指  [s] 跳过  [u] 撤销  [q] 离开", "[a]ccept [r]eject [o]ther [s]kip [u]ndo [q]uit"
)


@click.command("review")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--author", envvar="VETGRAPH_AUTHOR", help="Who decides: goes into author_label.")
@click.option("--nothing", is_flag=True, help="Show the entries for which nothing was found, too.")
@store_option
@language_option
def reviewing(file: Path, author: str | None, store: str, *, nothing: bool) -> None:
    """Decide on the mappings of FILE (SSSOM), pair by pair. Each decision is written at once and can be taken back."""
    from vetgraph import review

    if not author:
        raise UsageError(
            Text("没有写明谁决定的", "it is not told who decides"),
            Text("加上 --author 姓名，或设 VETGRAPH_AUTHOR", "add --author NAME, or set VETGRAPH_AUTHOR"),
        )
    session = _Session(file, author, store, nothing=nothing)
    session.run()
    counted = review.counts(review.read(file))
    told = session.told
    say(
        Text(
            f"本次接受 {told['accept']}，拒绝 {told['reject']}，跳过 {told['skip']}；文件中待定 {counted['pending']}",
            f"{told['accept']} accepted, {told['reject']} rejected, {told['skip']} skipped; "
            f"{counted['pending']} pending in the file",
        )
    )


class _Session:
    """One sitting: what was shown, decided and skipped."""

    def __init__(self, file: Path, author: str, store: str, *, nothing: bool) -> None:
        self.told = {"accept": 0, "reject": 0, "skip": 0}
        self._file = file
        self._author = author
        self._store = store
        self._nothing = nothing
        self._skipped: list[str] = []
        self._done: list[tuple[Verdict, Change] | None] = []

    def run(self) -> None:
        """Show pair after pair until none is left or the person leaves."""
        from vetgraph import review

        while True:
            found = review.read(self._file)
            rows = [row for row in review.pending(found, nothing=self._nothing) if row.token not in self._skipped]
            if not rows:
                break
            click.echo(_shown(found, rows[0], len(rows), language()))
            key = _key()
            if key in {"", "q"}:
                break
            try:
                self._do(key, found, rows[0])
            except (ConflictError, UsageError) as error:
                lang = language()
                say(f"{error.message.get(lang)}. {error.fix.get(lang) if error.fix else ''}")

    def _do(self, key: str, found: MappingSet, row: Row) -> None:
        from vetgraph import review

        if key == "a" and row.empty:
            raise UsageError(
                Text("没有可接受的对象", "there is nothing to accept"), Text("按 o 另指", "press o to name one")
            )
        if key == "u":
            self._undo()
        elif key == "s":
            self._skipped.append(row.token)
            self._done.append(None)
            self.told["skip"] += 1
        elif key in {"a", "r"}:
            self._decide(row, review.Decision("accept" if key == "a" else "reject", self._author))
        elif key == "o":
            target, label = self._other(found)
            if target:
                self._decide(row, review.Decision("other", self._author, target, label))

    def _decide(self, row: Row, decision: Decision) -> None:
        from vetgraph import review

        change = review.decide(self._file, row.token, decision)
        self._done.append((decision.verdict, change))
        self.told["reject" if decision.verdict == "reject" else "accept"] += 1

    def _undo(self) -> None:
        from vetgraph import review

        if not self._done:
            raise UsageError(Text("没有可撤销的", "there is nothing to take back"), None)
        last = self._done[-1]
        if last is None:
            self._skipped.pop()
            self.told["skip"] -= 1
        else:
            review.undo(self._file, last[1])
            self.told["reject" if last[0] == "reject" else "accept"] -= 1
        self._done.pop()

    def _other(self, found: MappingSet) -> tuple[str, str]:
        """Ask which thing it is: a key, a CURIE, or a name to look up in the graph."""
        ask = Text(
            "哪个事物（名称，或像 school/xuchang-keji 的编号）", "which thing (a name, or a key as school/xuchang-keji)"
        )
        typed = _line(ask.get(language()))
        named = _named(typed, found)
        if named or not typed:
            return named, ""
        choices = _candidates(self._store, typed)
        if not choices:
            raise UsageError(
                Text(f"图谱中没有像“{typed}”的院校", f'the graph has no institution like "{typed}"'),
                Text("写编号，如 programme/nursing", "write its key, as programme/nursing"),
            )
        for number, (iri, label) in enumerate(choices, 1):
            click.echo(f"  {number}  {label}  {iri}")
        chosen = _line(Text("第几个（空行放弃）", "which number (an empty line: none)").get(language()))
        at = int(chosen) - 1 if chosen.isdecimal() else -1
        return choices[at] if 0 <= at < len(choices) else ("", "")


def _named(typed: str, found: MappingSet) -> str:
    """Return the IRI of a key or a CURIE; nothing for a name."""
    from vetgraph import names

    if not typed.isascii() or not typed:
        return ""
    if typed.startswith(names.BASE):
        return typed
    prefix = typed.partition(":")[0]
    if ":" in typed and prefix in found.prefixes:
        return found.expand(typed) or ""
    kind, slash, key = typed.partition("/")
    return names.thing(kind, key) if slash and key else ""


def _candidates(store: str, typed: str) -> list[tuple[str, str]]:
    from vetgraph.linking import Matcher, entries_of
    from vetgraph.opening import open_store

    opened = open_store(store)
    try:
        found = Matcher(entries_of(opened)).best(typed, 5)
        return [(one.target, one.label) for one in found]
    finally:
        opened.close()


def _shown(found: MappingSet, row: Row, left: int, lang: str) -> str:
    """Put a pair side by side, with what speaks for it and against it."""
    from vetgraph import render

    empty = Text("（没有找到）", "(nothing was found)").get(lang)
    heads = (Text("名单", "list").get(lang), Text("图谱", "graph").get(lang))
    target = row.get("object_label") or (empty if row.empty else "")
    pair = [(row.get("subject_label"), target), (row.get("subject_id"), "" if row.empty else row.get("object_id"))]
    lines = ["", f"{left} · {found.file}:{row.line}", render.table(heads, pair)]
    if row.get("confidence"):
        lines.append(f"{Text('把握', 'confidence').get(lang)} {row.get('confidence')}")
    lines += [f"  {part.strip()}" for part in row.get("comment").split(";") if part.strip()]
    lines += [f"  {name}: {text}" for name, text in row.values.items() if text and name not in _HIDDEN]
    return "\n".join([*lines, _KEYS.get(lang)])


def _key() -> str:
    """Read a decision: a key in a terminal, a line from a pipe; nothing at the end."""
    if sys.stdin.isatty():
        try:
            return click.getchar().lower()
        except EOFError:
            return ""
    line = sys.stdin.readline()
    return line.strip().lower()[:1] or ("?" if line else "")


def _line(question: str) -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt(question, default="", show_default=False)
        return answer.strip()
    return sys.stdin.readline().strip()
