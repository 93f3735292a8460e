"""What happens to an update's text before the engine sees it."""

from __future__ import annotations

import pytest

from vetgraph.errors import QueryError
from vetgraph.updates import operations, with_dataset, with_loads_done


def test_operations_are_told_apart() -> None:
    text = 'PREFIX e: <x:> INSERT DATA { e:a e:b "; DROP" } ; # a remark; here\nCLEAR SILENT GRAPH e:g ; '
    assert [operation.verb for operation in operations(text)] == ["insert", "clear"]
    assert operations("PREFIX e: <x:>") == []


def test_a_dataset_goes_into_every_operation_that_can_take_it() -> None:
    text = "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }; INSERT DATA { <x:a> <x:b> 1 }"
    changed = with_dataset(text, ["x:g"], ["x:n"])
    assert changed.count("USING <x:g>") == 1
    assert changed.count("USING NAMED <x:n>") == 1
    assert changed.index("INSERT {") < changed.index("USING <x:g>") < changed.index("WHERE")
    with pytest.raises(QueryError):
        with_dataset("DELETE { ?s ?p ?o } USING <x:h> WHERE { ?s ?p ?o }", ["x:g"], [])


def test_a_load_becomes_the_statements_that_it_loads() -> None:
    asked: list[tuple[str, bool]] = []

    def fetch(iri: str, silent: bool) -> str | None:  # noqa: FBT001 - as the function is called
        asked.append((iri, silent))
        return None if silent else '<x:s> <x:p> "o" .\n'

    text = 'LOAD <x:doc> INTO GRAPH <x:g> ; LOAD SILENT <x:none> ; INSERT DATA { <x:a> <x:b> "loaded" }'
    changed = with_loads_done(text, fetch)
    assert asked == [("x:doc", False), ("x:none", True)]
    assert "LOAD <x:doc>" not in changed
    assert next(iter(operations(changed))).verb == "insert"
    assert '<x:s> <x:p> "o"' in changed


@pytest.mark.parametrize(
    "text",
    [
        'INSERT DATA { <x:a> <x:b> "LOAD <x:doc>" }',
        "# LOAD <x:doc>\nCLEAR ALL",
        "\\u004COAD <x:doc>",
        "LOAD x:doc",
        "LOAD <x:doc> INTO GRAPH",
    ],
)
def test_a_load_that_cannot_be_told_apart_is_not_run(text: str) -> None:
    with pytest.raises(QueryError):
        with_loads_done(text, lambda _iri, _silent: None)
