"""A sentence that is kept as data is said again as it was, in each language, and is no larger than
it may be. What jobs, logs of scans, events and deliveries need of it is pinned here."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.faces.server.speech import spoken as said_by_the_api
from vigie.model.errors import SourceError, UserError
from vigie.model.text import ENGLISH, T, Text
from vigie.services.sentences import DEEPEST, LONGEST, MOST, plain, spoken
from vigie.wiring.words import words

COUNT = T("{count} observation", "{count} observations", count=1200)
SENTENCES = [
    # Of jobs: what went wrong, a hint that there may not be, a reason inside a reason.
    UserError(T("{name} is no {label} report: {why}", name="a", label="Trivy", why="x")).message,
    SourceError(T("no scanner could look at it")).hint,
    Text("as {it} stands"),
    # Of logs: sentences inside sentences, and in lists of names.
    T("{packages}, {observations}", packages=T("{count} package", "{count} packages", count=1),
      observations=COUNT),
    T("Choose from: {names}", names=("grype", T("an unknown day"), ["nested", COUNT])),
    # Of deliveries and events: numbers stay numbers, for each language writes its own.
    T("{label} was stopped: it had not finished after {seconds} s", label="Grype", seconds=1.5),
]  # fmt: skip


@pytest.mark.parametrize("text", SENTENCES, ids=lambda text: text.template[:30] or "nothing")
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_it_is_said_again_as_it_was(text: Text, lang: str) -> None:
    kept = json.loads(json.dumps(plain(text)))
    say = words("fr") if lang == "fr" else words("en")
    again = spoken(kept)
    assert again is not None
    assert say(again) == say(text) == said_by_the_api(kept, say)


def test_words_of_somebody_else_stand_as_they_are_and_nothing_is_nothing() -> None:
    said = spoken(plain("connection {refused}"))
    assert said is not None
    assert ENGLISH(said) == "connection {refused}"
    assert [plain(""), plain(None), spoken(None), spoken({})] == [None] * 4
    # A sentence without words is one all the same: jobs say an empty hint.
    assert plain(Text("")) == {"template": "", "plural": "", "params": {}}


def test_it_is_no_larger_than_it_may_be() -> None:
    class Odd:
        def __str__(self) -> str:
            return "y" * LONGEST * 2

    text = T("{a} {b} {c}", a="x" * LONGEST * 2, b=tuple(range(MOST + 1)), c=Odd())
    kept = plain(text)["params"]
    assert kept == {"a": "x" * LONGEST, "b": [*range(MOST), "…"], "c": "y" * LONGEST}
    assert plain(T("{b}", b=[1] * MOST))["params"]["b"] == [1] * MOST
    assert plain("z" * LONGEST * 2) == plain("z" * LONGEST)
    listed = nested = T("{a}", a=1)
    for _ in range(DEEPEST * 4):
        listed, nested = T("{a}", a=[listed]), T("{a}", a=nested)
    assert depth_of(plain(listed)) <= depth_of(plain(nested)) == DEEPEST * 2 + 1


def depth_of(value: object) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth_of, inside), default=0)


VALUES = st.recursive(
    st.text(max_size=20) | st.integers() | st.floats(allow_nan=False) | st.booleans(),
    lambda inside: st.lists(inside, max_size=3).map(tuple)
    | inside.map(lambda value: T("{said} once more", said=value)),
    max_leaves=6,
)  # fmt: skip


@given(VALUES)
def test_whatever_is_in_it(value: object) -> None:
    text = T("{value}", value=value)
    again = spoken(json.loads(json.dumps(plain(text))))
    assert again is not None
    assert str(again) == str(text)
