"""The log reaches other systems whole, whatever its entries hold."""

from __future__ import annotations

import re
import socket
import threading
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import SourceError
from vigie.services.audit_shipping import framed, json_line, ship, syslog_message

ROW: dict[str, Any] = {
    "tenant_id": "0190", "seq": 7, "action": "finding.triage", "actor_kind": "user",
    "actor_id": "u1", "actor": "Ada", "subject_kind": "finding", "subject_id": "f1",
    "detail": {"status": "suppressed"}, "request_id": "r1", "address": "127.0.0.1",
    "outcome": "done", "at": datetime(2026, 3, 1, 12, 0, 0, 5, UTC), "previous": "a", "hash": "b",
}  # fmt: skip

# RFC 5424, 6: HEADER SP STRUCTURED-DATA [SP MSG]
GRAMMAR = re.compile(
    rb"<\d{1,3}>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [!-~]{1,255} [!-~]{1,48} [!-~]{1,128} "
    rb'[!-~]{1,32} \[[!#-<>-\\^-~]{1,32}(?: [a-z_]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*\] '
    rb"\xef\xbb\xbf.*",
    re.DOTALL,
)


def test_an_entry_is_a_message_of_rfc_5424() -> None:
    message = syslog_message(ROW, "host.example")
    assert message.decode() == (
        "<109>1 2026-03-01T12:00:00.000005Z host.example vigie - finding.triage "
        '[audit@32473 chain="0190" seq="7" action="finding.triage" actor_kind="user" '
        'actor_id="u1" actor="Ada" subject_kind="finding" subject_id="f1" request_id="r1" '
        'address="127.0.0.1" outcome="done" hash="b"] \ufeffAda finding.triage '
        '{"status":"suppressed"}'
    )
    assert syslog_message({**ROW, "outcome": "refused"}, "h").startswith(b"<108>1 ")


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=300))
def test_no_content_breaks_a_message(actor: str, action: str, host: str) -> None:
    row = {**ROW, "actor": actor, "action": action, "detail": {"x": actor}}
    try:
        message = syslog_message(row, host)
    except UnicodeEncodeError:  # a lone surrogate never comes out of the database
        return
    assert GRAMMAR.fullmatch(message)
    assert not any(byte < 32 for byte in message)


def test_a_line_of_json_holds_all_that_the_hash_is_over() -> None:
    line = msgspec.json.decode(json_line(ROW))
    assert line["chain"] == "0190"
    assert line["at"] == "2026-03-01T12:00:00.000005+00:00"
    assert set(line) == (set(ROW) - {"tenant_id"}) | {"chain"}


def test_messages_are_framed_by_their_length() -> None:
    assert framed("é\n".encode()) == b"3 \xc3\xa9\n"


def test_the_log_arrives_over_tcp() -> None:
    received = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            link, _ = server.accept()
            with link:
                while piece := link.recv(4096):
                    received.extend(piece)

        listener = threading.Thread(target=listen)
        listener.start()
        rows = [{**ROW, "seq": seq} for seq in (1, 2, 3)]
        sent = list(ship(rows, "127.0.0.1", server.getsockname()[1]))
        listener.join()
    assert sent == [1, 2, 3]
    own = socket.gethostname()
    assert bytes(received) == b"".join(framed(syslog_message(row, own)) for row in rows)


def test_nobody_listening_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SourceError) as refused:
        list(ship([ROW], "127.0.0.1", port))
    assert refused.value.retryable
