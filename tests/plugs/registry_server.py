"""Debian's `docker-registry` on a free port of this machine, with the ways to log in to it."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import NameOID

PROGRAM = shutil.which("docker-registry")
HTPASSWD = shutil.which("htpasswd")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def registry(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The registry's host and port while it runs. `settings` are its REGISTRY_ variables."""
    assert PROGRAM is not None
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = folder / "config.yml"
    config.write_text(
        "version: 0.1\nlog: {level: error}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'data'}}}}}\n"
        f"http: {{addr: '127.0.0.1:{port}'}}\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "serve", str(config)],
            env={"PATH": os.environ["PATH"], **(settings or {})},
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(port, process, folder / "log")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):  # a minute
        try:
            httpx.get(f"http://127.0.0.1:{port}/v2/", trust_env=False)
            return
        except httpx.TransportError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
    raise AssertionError("the registry did not start")


def push(
    host: str,
    repository: str,
    blobs: Mapping[str, bytes],
    manifests: Mapping[str, tuple[str, bytes]],
    headers: Mapping[str, str] | None = None,
) -> None:
    """Upload blobs by digest and manifests by tag or digest with their media types."""
    base = f"http://{host}/v2/{repository}"
    with httpx.Client(trust_env=False, headers=dict(headers or {}), timeout=30) as client:
        for digest, data in blobs.items():
            begun = client.post(f"{base}/blobs/uploads/")
            begun.raise_for_status()
            where = httpx.URL(f"http://{host}").join(begun.headers["location"])
            client.put(
                where.copy_merge_params({"digest": digest}),
                content=data,
                headers={"Content-Type": "application/octet-stream"},
            ).raise_for_status()
        for name, (kind, data) in manifests.items():
            done = client.put(
                f"{base}/manifests/{name}", content=data, headers={"Content-Type": kind}
            )
            assert done.status_code == 201, done.text


def login(folder: Path, host: str, user: str, password: str) -> Path:
    """A docker configuration that knows this user."""
    folder.mkdir(parents=True, exist_ok=True)
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {host: {"auth": pair}}}))
    return folder


def htpasswd(file: Path, user: str, password: str) -> dict[str, str]:
    """The registry's settings for basic authentication."""
    assert HTPASSWD is not None
    line = subprocess.run(
        [HTPASSWD, "-Bbn", user, password], capture_output=True, check=True, text=True
    ).stdout
    file.write_text(line)
    return {
        "REGISTRY_AUTH": "htpasswd",
        "REGISTRY_AUTH_HTPASSWD_REALM": "test",
        "REGISTRY_AUTH_HTPASSWD_PATH": str(file),
    }


@dataclass
class TokenServer:
    """Gives tokens that the real registry checks. `seen` are the requests it got."""

    folder: Path
    user: str = "watch"
    password: str = "keeper"
    identity: str = "a-refresh-token"
    seen: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tokens")])
        now = dt.datetime.now(dt.UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    @contextmanager
    def running(self) -> Iterator[dict[str, str]]:
        """The settings of a registry that sends its clients here."""
        handler = type("Handler", (_Tokens,), {"tokens": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        bundle = self.folder / "tokens.pem"
        bundle.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        try:
            yield {
                "REGISTRY_AUTH": "token",
                "REGISTRY_AUTH_TOKEN_REALM": f"http://127.0.0.1:{server.server_port}/token",
                "REGISTRY_AUTH_TOKEN_SERVICE": "test",
                "REGISTRY_AUTH_TOKEN_ISSUER": "tokens",
                "REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE": str(bundle),
            }
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)

    def token(self, scope: str) -> str:
        """A signed JWT that allows what the scope asks for ("repository:NAME:ACTIONS")."""
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        access = [{"type": kind, "name": name, "actions": actions.split(",")}] if name else []
        chain = base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER))
        head = {"typ": "JWT", "alg": "ES256", "x5c": [chain.decode()]}
        now = int(time.time())
        claims = {
            "iss": "tokens",
            "aud": "test",
            "sub": self.user,
            "iat": now,
            "nbf": now - 10,
            "exp": now + 300,
            "jti": uuid.uuid4().hex,
            "access": access,
        }
        text = ".".join(_b64(json.dumps(part).encode()) for part in (head, claims))
        signature = self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
        r, s = utils.decode_dss_signature(signature)
        return f"{text}.{_b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class _Tokens(BaseHTTPRequestHandler):
    tokens: TokenServer

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        pair = base64.b64encode(f"{self.tokens.user}:{self.tokens.password}".encode()).decode()
        self._answer("GET", asked, self.headers.get("authorization") == f"Basic {pair}")

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        asked = parse_qs(self.rfile.read(length).decode())
        known = asked.get("refresh_token") == [self.tokens.identity]
        self._answer("POST", asked, known and asked.get("grant_type") == ["refresh_token"])

    def _answer(self, method: str, asked: dict[str, list[str]], known: bool) -> None:
        self.tokens.seen.append((method, self.headers.get("authorization") or "", asked))
        name = "access_token" if method == "POST" else "token"
        said = {name: self.tokens.token(asked.get("scope", [""])[0])} if known else {}
        body = json.dumps(said).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        return


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
