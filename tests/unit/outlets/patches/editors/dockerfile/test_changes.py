from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vigie.model.text import T
from vigie.outlets.patches.editors.dockerfile.changes import Change, carry_out, origin

WHY = T("{path} is no Dockerfile", path="x")


def change(start: int, end: int, text: str) -> Change:
    return Change(start, end, text, WHY)


def test_changes_at_one_place_stay_in_their_order() -> None:
    text, done = carry_out("abc", [change(1, 1, "1"), change(1, 1, "2"), change(1, 2, "B")])
    assert text == "a12Bc"
    assert len(done) == 3


def test_of_two_that_overlap_the_first_is_carried_out() -> None:
    text, done = carry_out("abcd", [change(1, 3, "x"), change(2, 4, "y")])
    assert text == "axd"
    assert done == [change(1, 3, "x")]


def test_a_place_is_traced_back_over_rounds() -> None:
    one, first = carry_out("abc", [change(1, 1, "123")])
    two, second = carry_out(one, [change(0, 1, "")])
    assert two == "123bc"
    assert origin(two.index("c"), [first, second]) == 2
    assert origin(two.index("2"), [first, second]) == 1  # what was put in belongs where it was put


@given(st.text(st.sampled_from("abc"), max_size=12), st.data())
def test_what_is_not_changed_is_traced_to_itself(text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    wanted = [change(a, b, "X" * data.draw(st.integers(0, 3)))
              for a, b in data.draw(st.lists(places, max_size=4))]  # fmt: skip
    after, done = carry_out(text, wanted)
    for place, sign in enumerate(after):
        if sign != "X":
            assert text[origin(place, [done])] == sign
