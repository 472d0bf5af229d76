"""Lines come as they are completed, and nothing in them is a credential, however they are cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vigie.sources.scanners.lines import BAR_SECONDS, LEFT_OUT, LONGEST, Lines

KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj/gEA+oIBAQC7"


def said(*pieces: bytes) -> list[str]:
    lines = Lines()
    return [line for piece in pieces for line in lines.feed(piece, 0.0)] + lines.end()


def test_a_line_comes_when_it_is_whole_and_the_last_at_the_end() -> None:
    lines = Lines()
    assert lines.feed(b"fir", 0.0) == []
    assert lines.feed(b"st\n\n \nsec", 0.0) == ["first"]
    assert lines.feed(b"", 100.0) == []
    assert lines.feed("ond \u00e9".encode()[:-1], 0.0) == []
    assert lines.end() == ["second \ufffd"]


def test_colours_and_both_ends_of_line_are_understood() -> None:
    assert said(b"\x1b[31mone\x1b[0m\r\ntwo\x07\r", b"\nthree\r\n") == ["one", "two", "three"]


def test_of_a_progress_bar_the_last_state_is_shown_and_now_and_then_another() -> None:
    lines = Lines()
    assert lines.feed(b"10%\r", 0.0) == ["10%"]
    assert lines.feed(b"20%\r30%\r4", BAR_SECONDS - 1) == []
    assert lines.feed(b"0%\r", BAR_SECONDS) == ["40%"]
    assert lines.feed(b"", BAR_SECONDS * 3) == []
    assert lines.feed(b"\x1b[2K\x1b[1G90%\x1b[2K\x1b[G100%\nnext\n", BAR_SECONDS) == [
        "100%",
        "next",
    ]
    assert said(b"1%\r2%\r\n", b"1%\r") == ["2%", "1%"]


def test_a_state_of_a_bar_is_not_said_twice() -> None:
    lines = Lines()
    assert lines.feed(b"done\r", 0.0) == ["done"]
    assert lines.feed(b"\n", 0.0) == []
    assert lines.feed(b"done\n", 0.0) == ["done"]


def test_where_something_was_lost_nothing_stands_that_was_cut() -> None:
    lines = Lines()
    found = lines.feed(b"one\npassword=hun\0ter22\ntwo\nthree=\0\0x\rfour\n", 0.0)
    assert found == ["one", LEFT_OUT, "two", LEFT_OUT, LEFT_OUT, "four"]
    assert lines.feed(b"\0ter22", 0.0) == [LEFT_OUT]
    assert lines.end() == []


def test_a_key_is_hidden_over_many_lines_and_what_comes_after_is_not() -> None:
    key = f"-----BEGIN EC PRIVATE KEY-----\nType: 4\n{KEY}\nAb==\n-----END EC PRIVATE KEY-----"
    assert said(f"starts\n{key}\nends\n".encode()) == ["starts", "[hidden]", "ends"]
    assert said(f"{KEY}\nAuthorization: Bearer {KEY}".encode()) == [
        "[hidden]", "Authorization: Bearer [hidden]",
    ]  # fmt: skip
    # Named, but not written: the log goes on after a while.
    many = b"a line of words\n" * 300
    assert said(b"-----BEGIN PRIVATE KEY----- found\n" + many).count("a line of words") == 50


def test_a_line_without_end_is_cut() -> None:
    assert said(b"x y " * LONGEST, b"z", b"\nnext") == [
        ("x y " * LONGEST)[:LONGEST].rstrip(),
        "next",
    ]


@given(st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\x1b[0m", b"\xc3\xa9", b"token=x ", b" "])),
       st.integers(1, 7))  # fmt: skip
def test_how_it_is_cut_into_pieces_makes_no_difference(words: list[bytes], size: int) -> None:
    text = b"".join(words)
    lines, whole = Lines(), Lines()
    # The states of a bar that are shown hang on when they come; nothing else does.
    lines.feed(b".\r", 0.0), whole.feed(b".\r", 0.0)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    found = [line for piece in pieces for line in lines.feed(piece, 1.0)] + lines.end()
    assert found == whole.feed(text, 1.0) + whole.end()
    assert not any("token=x" in line for line in found)
