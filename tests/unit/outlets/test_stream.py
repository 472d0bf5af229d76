from __future__ import annotations

import json

from vigie.outlets.stream import document, encode, filled, gathered, listed


def test_a_streamed_document_is_the_same_json() -> None:
    pieces = document([("a", 1), ("b", listed(iter([1, {"c": "é"}]))), ("d", listed([]))])
    data = b"".join(gathered(pieces))
    assert json.loads(data) == {"a": 1, "b": [1, {"c": "é"}], "d": []}
    assert data.count(b"\n") > 3, "one item stands on each line"


def test_chunks_are_gathered_and_none_is_empty() -> None:
    chunks = list(gathered(b"x" * 1000 for _ in range(1000)))
    assert sum(map(len, chunks)) == 1_000_000
    assert 2 <= len(chunks) <= 5
    assert list(gathered([])) == []


def test_a_lone_surrogate_is_written_legibly() -> None:
    assert json.loads(encode({"\udcff": ["a\udcffb", ("\udcff",)]})) == {"?": ["a?b", ["?"]]}


def test_unknown_is_left_out_and_zero_is_kept() -> None:
    known = filled({"a": None, "b": "", "c": [], "d": {}, "e": 0, "f": False, "g": 0.0})
    assert known == {"e": 0, "f": False, "g": 0.0}
