"""A limit on a whole conversation."""

from __future__ import annotations

import socket

from vigie.outlets.notifiers._deadline import Deadline


def test_a_connection_ends_when_the_time_is_over() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Deadline(0.01) as deadline:
        deadline.watch(ours)
        assert ours.recv(1) == b""  # nobody sends: only the deadline ends it
        assert deadline.passed


def test_a_connection_that_is_watched_too_late_ends_at_once() -> None:
    ours, theirs = socket.socketpair()
    other, end = socket.socketpair()
    with ours, theirs, other, end, Deadline(0.01) as deadline:
        deadline.watch(ours)
        assert ours.recv(1) == b""
        deadline.watch(other)
        assert other.recv(1) == b""


def test_what_is_done_in_time_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Deadline(60) as deadline:
            deadline.watch(ours)
        assert not deadline.passed
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
