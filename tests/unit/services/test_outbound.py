"""Calling out: attacks that try to lead the platform inside, or to hold it up."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import logging
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from vigie.model.errors import SourceError, UserError
from vigie.services.outbound import Outbound

HERE = ("127.0.0.1",)


@dataclass
class Site:
    """A web server on loopback: what it was asked, and how it answers."""

    port: int = 0
    body: bytes = b"fine"
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def site(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    it = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections would be kept, if we let them

        def do_GET(self) -> None:
            it.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            self.send_response(it.status)
            for name, value in it.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(it.body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(it.body)

        def log_message(self, *args: object) -> None:
            return

    server = Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with running(server):
        it.port = server.server_address[1]
        yield it


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients of these tests hang up; that is no news."""


@contextlib.contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def talker(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A bare server whose every connection is given to `talk` with an event for the end."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                talk(self.request, over)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    server = Server(("127.0.0.1", 0), Handler)
    with running(server):
        try:
            yield server.server_address[1]
        finally:
            over.set()


class Resolver:
    """Gives its answers one after the other, the last one for ever, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, name: str, port: int) -> list[str]:
        self.asked.append(name)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def nobody(address: str, port: int, timeout: float) -> socket.socket:
    raise AssertionError(f"{address} was dialled")


def refuses(outbound: Outbound, url: str) -> str:
    with outbound.client() as client, pytest.raises(UserError) as caught:
        client.get(url)
    return f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "10.0.0.1",
     "169.254.169.254", "[fd00:ec2::254]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "0.0.0.0",
     "[::]", "100.100.100.200", "168.63.129.16", "224.0.0.1", "255.255.255.255", "localhost",
     "localhost.", "LOCALHOST", "2130706433", "0x7f000001", "127.1"],
)  # fmt: skip
def test_no_spelling_leads_inside(host: str) -> None:
    said = refuses(Outbound(resolve=Resolver(["127.0.0.1"]), dial_to=nobody), f"http://{host}/x")
    assert "internal" in said or "no host" in said


@pytest.mark.parametrize("host", ["0177.0.0.1", "127.0.0.01", "①②⑦.⓪.⓪.①"])
def test_what_httpx_itself_takes_for_no_host_goes_nowhere(host: str) -> None:
    with Outbound(dial_to=nobody).client() as client, pytest.raises(httpx.InvalidURL):
        client.get(f"http://{host}/x")


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1", "::1"],
     ["::ffff:169.254.169.254"], ["64:ff9b::7f00:1"]],
)  # fmt: skip
def test_a_name_that_leads_inside_with_one_of_its_addresses_is_refused(found: list[str]) -> None:
    outbound = Outbound(resolve=Resolver(found), dial_to=nobody, setting="outbound.allowed")
    said = refuses(outbound, "https://hooks.example/T0/SECRET")
    assert "hooks.example leads to an internal address" in said
    assert "add hooks.example:443 to outbound.allowed" in said
    assert "SECRET" not in said
    assert not any(one in said for one in found)  # nobody learns what lies inside
    with pytest.raises(UserError):
        outbound.allows("hooks.example", 25)


def test_the_address_that_was_checked_is_the_one_that_is_dialled() -> None:
    """The name leads outside when it is looked up first, and inside ever after."""
    resolver = Resolver(["8.8.8.8"], ["127.0.0.1"])
    dialled: list[str] = []
    with site() as inside:

        def dial(address: str, port: int, timeout: float) -> socket.socket:
            dialled.append(address)
            return socket.create_connection(("127.0.0.1", inside.port), timeout)

        outbound = Outbound(resolve=resolver, dial_to=dial)
        with outbound.client() as client:
            answer = client.get("http://rebinding.example/")
            assert answer.text == "fine"
            assert dialled == ["8.8.8.8"]
            assert resolver.asked == ["rebinding.example"]
            # The next request is looked up and checked anew: no kept connection, no kept answer.
            with pytest.raises(UserError, match="internal"):
                client.get("http://rebinding.example/")
        assert dialled == ["8.8.8.8"]
        assert inside.asked[0][1]["host"] == "rebinding.example"


def test_every_hop_of_a_redirect_is_checked() -> None:
    resolver = Resolver(["127.0.0.1"])
    with site() as first, site() as second:
        first.status = 302
        outbound = Outbound([f"127.0.0.1:{first.port}"], resolve=resolver)
        first.headers["Location"] = second.url
        with outbound.client() as client:
            assert client.get(first.url).status_code == 302
        with outbound.client(follow=True) as client, pytest.raises(UserError, match="internal"):
            client.get(first.url)
        assert second.asked == []
        for to in ("http://169.254.169.254/latest/meta-data", "file:///etc/passwd"):
            first.headers["Location"] = to
            with outbound.client(follow=True) as client, pytest.raises(UserError):
                client.get(first.url)
        first.headers["Location"] = first.url
        with outbound.client(follow=True) as client, pytest.raises(httpx.TooManyRedirects):
            client.get(first.url)


@pytest.mark.parametrize("url", ["ftp://example.com/", "file:///etc/passwd", "gopher://8.8.8.8/"])
def test_only_http_is_spoken(url: str) -> None:
    assert "begins with https" in refuses(Outbound(dial_to=nobody), url)


def test_what_is_allowed_is_called_and_nothing_beside_it() -> None:
    with site() as inside:
        for allowed in ("127.0.0.0/8", "127.0.0.1", f"127.0.0.1:{inside.port}"):
            with Outbound([allowed]).client() as client:
                assert client.get(inside.url).text == "fine"
        named = Outbound([f"inside.example:{inside.port}"], resolve=Resolver(["127.0.0.1"]))
        with named.client() as client:
            assert client.get(f"http://inside.example:{inside.port}/").text == "fine"
        assert "internal" in refuses(named, f"http://other.example:{inside.port}/")
        assert "internal" in refuses(Outbound([f"127.0.0.1:{inside.port + 1}"]), inside.url)


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with site() as inside:

        def dial(address: str, port: int, timeout: float) -> socket.socket:
            if address == "8.8.4.4":
                raise ConnectionRefusedError
            return socket.create_connection(("127.0.0.1", inside.port), timeout)

        outbound = Outbound(resolve=Resolver(["8.8.4.4", "8.8.8.8"]), dial_to=dial)
        with outbound.client() as client:
            assert client.get("http://two.example/").text == "fine"


def test_a_name_without_address_is_the_worlds_fault() -> None:
    def none(name: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    outbound = Outbound(resolve=none, dial_to=nobody)
    with pytest.raises(SourceError) as caught:
        outbound.allows("nowhere.example", 25)
    assert caught.value.retryable
    with outbound.client() as client, pytest.raises(httpx.ConnectError):
        client.get("http://nowhere.example/")
    for found in ([], ["8.8.8.8"] * 33, ["fe80::1%eth0"], ["not an address"]):
        with pytest.raises(SourceError):
            Outbound(resolve=Resolver(found)).allows("odd.example", 25)


def test_addresses_are_for_those_who_connect_themselves() -> None:
    outbound = Outbound(["10.0.0.0/8"], resolve=Resolver(["10.0.0.25", "10.0.0.26"]))
    assert outbound.addresses("mail.corp", 25) == ("10.0.0.25", "10.0.0.26")
    assert outbound.addresses("10.0.0.9", 25) == ("10.0.0.9",)


# --- it ends in time, and is not drowned


def test_a_resolver_that_hangs_ends_too() -> None:
    over = threading.Event()

    def hang(name: str, port: int) -> list[str]:
        over.wait()
        return ["8.8.8.8"]

    outbound = Outbound(timeout=0.2, resolve=hang, dial_to=nobody)
    with outbound.client() as client, pytest.raises(httpx.ConnectTimeout):
        client.get("http://slow.example/")
    with pytest.raises(SourceError):
        outbound.allows("slow.example", 25)
    over.set()


def drip(start: bytes, piece: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Sends `start`, then a piece every now and then: no single wait is ever too long."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(start)
        while not over.wait(0.02):
            connection.sendall(piece)

    return talk


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        (b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ],
    ids=["silence", "header", "headers", "body", "chunks"],
)
def test_a_slow_drip_ends(start: bytes, piece: bytes) -> None:
    with (
        talker(drip(start, piece)) as port,
        Outbound(HERE, timeout=0.5).client() as client,
        pytest.raises((httpx.ReadTimeout, httpx.RemoteProtocolError)),
    ):
        client.get(f"http://127.0.0.1:{port}/")


def test_one_who_reads_slowly_ends_too() -> None:
    def talk(connection: socket.socket, over: threading.Event) -> None:
        while not over.wait(0.02):
            connection.recv(1)

    with (
        talker(talk) as port,
        Outbound(HERE, timeout=0.5).client() as client,
        pytest.raises(httpx.WriteTimeout),
    ):
        client.post(f"http://127.0.0.1:{port}/", content=b"x" * 50_000_000)


def test_a_handshake_that_hangs_ends() -> None:
    def talk(connection: socket.socket, over: threading.Event) -> None:
        over.wait()

    with (
        talker(talk) as port,
        Outbound(HERE, timeout=0.3).client() as client,
        pytest.raises(httpx.ConnectTimeout),
    ):
        client.get(f"https://127.0.0.1:{port}/")


def test_an_answer_is_no_longer_than_it_may_be() -> None:
    with site() as big:
        big.body = b"x" * 1000
        with Outbound(HERE).client(largest=1000) as client:
            assert len(client.get(big.url).content) == 1000
        with (
            Outbound(HERE).client(largest=999) as client,
            pytest.raises(httpx.ReadError, match="longer than 999"),
        ):
            client.get(big.url)


def test_an_answer_is_not_unpacked() -> None:
    with site() as packed, Outbound(HERE).client() as client:
        packed.headers["Content-Encoding"] = "gzip"
        with pytest.raises(httpx.DecodingError):
            client.get(packed.url)
        assert packed.asked[0][1]["accept-encoding"] == "identity"


# --- nothing of the surroundings comes in, and no secret goes out


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    with site() as inside, Outbound(HERE).client() as client:
        assert client.get(inside.url).text == "fine"
        assert "authorization" not in inside.asked[0][1]


def test_logs_name_the_server_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    with site() as inside, Outbound(HERE).client() as client, caplog.at_level(logging.DEBUG):
        client.get(
            f"http://me:hunter2@127.0.0.1:{inside.port}/T0/SECRET?key=SECRET",
            headers={"X-Token": "SECRET"},
        )
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert inside.url in said
    assert "SECRET" not in said
    assert "hunter2" not in said


def test_a_wrong_header_is_not_shown() -> None:
    with (
        site() as inside,
        Outbound(HERE).client() as client,
        pytest.raises(httpx.LocalProtocolError) as caught,
    ):
        client.get(inside.url, headers={"X-Token": "SECRET\nX-Other: 1"})
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None


# --- TLS is verified by the name that was called


def certificate(folder: Path, *, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for `name`, and a client's that trusts its maker."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    chain = folder / "chain.pem"
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    trusting = ssl.create_default_context(
        cadata=made.public_bytes(serialization.Encoding.PEM).decode()
    )
    return server, trusting


def test_tls_asks_for_the_name_and_believes_no_other(tmp_path: Path) -> None:
    server, trusting = certificate(tmp_path, name="hooks.example")
    asked: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: asked.append(name)
    with site(server) as inside:
        outbound = Outbound(HERE, verify=trusting, resolve=Resolver(["127.0.0.1"]))
        with outbound.client() as client:
            answer = client.get(f"https://hooks.example:{inside.port}/")
            assert answer.text == "fine"
            assert asked == ["hooks.example"]
            with pytest.raises(httpx.ConnectError):
                client.get(f"https://other.example:{inside.port}/")
            with pytest.raises(httpx.ConnectError):  # nor by an extension that names another
                client.get(
                    f"https://other.example:{inside.port}/",
                    extensions={"sni_hostname": "hooks.example"},
                )
        with (
            Outbound(HERE, resolve=Resolver(["127.0.0.1"])).client() as client,
            pytest.raises(httpx.ConnectError),
        ):
            client.get(f"https://hooks.example:{inside.port}/")
