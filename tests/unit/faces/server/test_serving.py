"""The server takes an address that is free, answers there, speaks new TLS only, and ends."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI, Request

from vigie.faces.server.serving import Serving, Tls, listen
from vigie.model.errors import UserError

APP = FastAPI()


@APP.get("/")
def who(request: Request) -> str:
    assert request.client is not None
    return request.client.host


def served(
    listener: socket.socket, tls: Tls | None = None, proxies: tuple[str, ...] = ()
) -> Serving:
    serving = Serving(APP, listener, tls=tls, proxies=proxies)
    serving.start()
    return serving


def test_it_answers_once_it_has_started_and_no_more_when_it_has_stopped() -> None:
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    serving = served(listener)
    assert httpx.get(f"http://127.0.0.1:{port}/").json() == "127.0.0.1"
    serving.stop()
    assert not serving.alive
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")


def test_whose_word_about_the_callers_address_is_believed() -> None:
    said = {"X-Forwarded-For": "203.0.113.9"}
    for proxies, believed in (((), "127.0.0.1"), (("127.0.0.1",), "203.0.113.9")):
        listener = listen("127.0.0.1", 0)
        port = listener.getsockname()[1]
        serving = served(listener, proxies=proxies)
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/", headers=said).json() == believed
        finally:
            serving.stop()


def test_an_address_that_is_taken_is_told_with_another() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(UserError, match="something else listens") as caught:
            listen("127.0.0.1", port)
        assert str(port + 1) in str(caught.value.hint)


def test_an_address_that_is_not_this_machines_is_told() -> None:
    with pytest.raises(UserError, match=r"cannot listen on 192\.0\.2\.1:0"):
        listen("192.0.2.1", 0)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Tls(folder / "cert.pem", folder / "key.pem")


def spoken(port: int, certificate: Path, newest: ssl.TLSVersion) -> str | None:
    context = ssl.create_default_context(cafile=str(certificate))
    context.maximum_version = newest
    with socket.create_connection(("127.0.0.1", port)) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="localhost") as wrapped:
                return wrapped.version()
        except ssl.SSLError:
            return None


@pytest.mark.parametrize(("minimum", "old"), [("1.3", None), ("1.2", "TLSv1.2")])
def test_only_new_tls_is_spoken(certificate: Tls, minimum: str, old: str | None) -> None:
    tls = Tls(certificate.certificate, certificate.key, minimum)
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    serving = served(listener, tls)
    try:
        assert spoken(port, tls.certificate, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
        assert spoken(port, tls.certificate, ssl.TLSVersion.TLSv1_2) == old
    finally:
        serving.stop()


def test_a_certificate_that_cannot_be_used_is_told_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("none")
    with listen("127.0.0.1", 0) as listener, pytest.raises(UserError, match=r"cert\.pem"):
        Serving(APP, listener, tls=Tls(tmp_path / "cert.pem", tmp_path / "cert.pem"))
