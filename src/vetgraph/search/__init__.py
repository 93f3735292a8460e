"""Find things by what somebody types: a name, an alias, pinyin, initials, also with a typing error.

An index beside the store (SQLite) holds the names of one content of it: ``naming`` reads them, ``writing`` makes the
index, ``index`` answers from it, ``keeping`` sees to it that a store has the index of its content.
"""

from vetgraph.search.found import Found, Hit, Value
from vetgraph.search.index import LONGEST, Index
from vetgraph.search.keeping import Indexes
from vetgraph.search.naming import FACETS

__all__ = ["FACETS", "LONGEST", "Found", "Hit", "Index", "Indexes", "Value"]
