"""Log lines: JSON off a terminal, quiet unless asked, and never a secret."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from vigie.wiring.logging import configure_logging, hide_secrets


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    structlog.reset_defaults()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_off_a_terminal_each_line_is_one_json_object() -> None:
    stream = io.StringIO()
    configure_logging(1, stream)
    structlog.get_logger().info("scanner started", scanner="trivy", étape=1)
    event = json.loads(stream.getvalue())
    assert event["event"] == "scanner started"
    assert event["scanner"] == "trivy"
    assert event["level"] == "info"
    assert event["timestamp"].endswith("Z")
    assert "étape" in stream.getvalue()


def test_on_a_terminal_it_is_for_people() -> None:
    stream = Terminal()
    configure_logging(1, stream)
    structlog.get_logger().info("scanner started")
    assert "scanner started" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize(
    ("verbosity", "heard"),
    [(-1, ["error"]), (0, ["warning", "error"]), (1, ["info", "warning", "error"]),
     (2, ["debug", "info", "warning", "error"])],
)  # fmt: skip
def test_how_much_is_said(verbosity: int, heard: list[str]) -> None:
    stream = io.StringIO()
    configure_logging(verbosity, stream)
    log = structlog.get_logger()
    for level in ("debug", "info", "warning", "error"):
        getattr(log, level)("x")
    assert [json.loads(line)["level"] for line in stream.getvalue().splitlines()] == heard


@pytest.mark.parametrize(
    "said",
    [
        {"password": "s3cr3t"},
        {"db_passwd": "s3cr3t"},
        {"api_key": "s3cr3t"},
        {"GITHUB_TOKEN": "s3cr3t"},
        {"env": {"AWS_SECRET_ACCESS_KEY": "s3cr3t"}},
        {"url": "https://user:s3cr3t@host.example/x"},
        {"url": "https://s3cr3t@host.example/x"},
        {"header": "Authorization: Bearer s3cr3ts3cr3t"},
        {"argv": ["--url", "https://u:s3cr3t@host.example"]},
        {"steps": [{"token": "s3cr3t"}]},
    ],
)
def test_secrets_are_never_logged(said: dict[str, object]) -> None:
    event = hide_secrets(None, "info", {"event": "x", **said})
    assert "s3cr3t" not in json.dumps(event)
    assert "***" in json.dumps(event)


def test_the_rest_of_a_line_stays_readable() -> None:
    event = hide_secrets(None, "info", {"event": "x", "url": "https://u:p@host.example/a", "n": 3})
    assert event["url"] == "https://***@host.example/a"
    assert event["n"] == 3


def test_an_exception_is_one_json_line() -> None:
    stream = io.StringIO()
    configure_logging(0, stream)
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert "ValueError: broken" in json.loads(line)["exception"]
