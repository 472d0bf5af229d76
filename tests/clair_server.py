"""A Clair v4 that stands in for a real one: the same API, the same checks, a database by hand.

It does what Clair's OpenAPI document says and what Clair 4.9.0 was seen to do: it wants a token
that is signed and fresh, fetches every layer, refuses one whose digest or type is not right,
keeps what it knows, and goes through states. What it finds are the packages of Alpine.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import hmac
import io
import json
import re
import tarfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import zstandard

KEY = base64.b64encode(b"a key of the test, 32 bytes long").decode()
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
_LEEWAY = 15
_TYPES = {"tar": b"", "tar+gzip": b"\x1f\x8b", "tar+zstd": b"\x28\xb5\x2f\xfd"}
_STATES = ("FetchLayers", "ScanLayers", "Coalesce", "IndexManifest")
_BARE = {"normalized_version": "", "arch": ""}


@dataclass
class Answer:
    """One that is given whatever is asked; `times` 0 is always."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 0


@dataclass
class ClairServer:
    """`vulnerable` names packages with their CVE and the version that mends it. `instead` has
    answers by the beginning of the path. `slowly` goes through the states one by one. `hold`
    keeps a POST waiting until it is set; `held` says that one waits."""

    address: str = ""
    key: bytes = base64.b64decode(KEY)
    issuers: tuple[str, ...] = ("clairctl",)
    state: str = "7e11ba5eba11"
    vulnerable: dict[str, tuple[str, str]] = field(default_factory=dict)
    updates: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    initialised: bool = True
    slowly: bool = False
    instead: dict[str, Answer] = field(default_factory=dict)
    hold: threading.Event | None = None
    held: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    manifests: list[dict[str, Any]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    answers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: dict[str, list[str]] = field(default_factory=dict)

    def lets_in(self, header: str) -> bool:
        """As go-jose and Clair's `auth.psk` check it, for HS256 alone."""
        if not self.key:
            return True
        try:
            head, claims, signature = header.removeprefix("Bearer ").split(".")
            wanted = hmac.new(self.key, f"{head}.{claims}".encode(), hashlib.sha256).digest()
            told, right = _decoded(head), hmac.compare_digest(_raw(signature), wanted)
            said, now = _decoded(claims), time.time()
            return (
                told["alg"] == "HS256"
                and right
                and said["iss"] in self.issuers
                and said["nbf"] <= now + _LEEWAY
                and said["iat"] <= now + _LEEWAY
                and now - _LEEWAY <= said["exp"]
            )
        except (ValueError, KeyError, TypeError):
            return False

    def index(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """The index report; raises ValueError with Clair's words when layers cannot be had."""
        digest = manifest["hash"]
        known = self.reports.get(digest)
        if known is not None and known["success"]:
            return known  # "manifest already scanned": nothing is fetched
        try:
            packages = self._packages(manifest["layers"])
        except (OSError, ValueError) as error:
            why = f"failed to fetch layers: fetcher: encountered errors: {error}"
            self.reports[digest] = _report(digest, {}, "IndexError", why)
            raise ValueError(why) from None
        self.reports[digest] = _report(digest, packages, "IndexFinished")
        if self.slowly:
            self.steps[digest] = list(_STATES)
        return self.standing(digest)

    def standing(self, digest: str) -> dict[str, Any]:
        """The index report as far as it is by now."""
        left = self.steps.get(digest)
        if left:
            return _report(digest, {}, left.pop(0))
        return self.reports[digest]

    def _packages(self, layers: list[dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for layer in layers:
            data = self._fetch(layer)
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                for entry in archive:
                    if entry.name.removeprefix("./") == "lib/apk/db/installed":
                        stream = archive.extractfile(entry)
                        assert stream is not None
                        found = _apk(stream.read().decode(), layer["hash"])
        return found

    def _fetch(self, layer: dict[str, Any]) -> bytes:
        headers = {name: values[0] for name, values in layer.get("headers", {}).items()}
        request = urllib.request.Request(layer["uri"], headers=headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as got:
            data: bytes = got.read()
            kind = str(got.headers["Content-Type"])
        self.fetched.append(layer["hash"])
        if f"sha256:{hashlib.sha256(data).hexdigest()}" != layer["hash"]:
            raise ValueError("fetcher: validation failed")
        packed = kind.rpartition(".")[2]
        if kind != "application/octet-stream" and not data.startswith(_TYPES[packed]):
            raise ValueError("fetcher: mismatched compression and content-type")
        if data.startswith(_TYPES["tar+gzip"]):
            return gzip.decompress(data)
        if data.startswith(_TYPES["tar+zstd"]):
            return zstandard.ZstdDecompressor().stream_reader(data).read()
        return data

    def look_up(self, digest: str) -> dict[str, Any]:
        """The vulnerability report, in the form of the schema of that name."""
        index = self.reports[digest]
        found, pairs = {}, {}
        for number, package in index["packages"].items():
            if package["name"] not in self.vulnerable:
                continue
            name, fixed = self.vulnerable[package["name"]]
            found[f"v{number}"] = {
                "id": f"v{number}", "updater": "alpine-main", "name": name,
                "description": "", "issued": "2026-01-01T00:00:00Z",
                "links": f"https://advisories.example/{name}", "severity": "high",
                "normalized_severity": "High", "fixed_in_version": fixed,
                "distribution": index["distributions"]["1"],
            }  # fmt: skip
            pairs[number] = [f"v{number}"]
        kept = {name: index[name] for name in ("packages", "distributions", "environments")}
        return {"manifest_hash": digest, **kept, "repository": {}, "vulnerabilities": found,
                "package_vulnerabilities": pairs, "enrichments": {}}  # fmt: skip


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _decoded(text: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(_raw(text))
    return decoded


def _report(digest: str, packages: dict[str, Any], state: str, why: str = "") -> dict[str, Any]:
    return {
        "manifest_hash": digest,
        "state": state,
        "packages": {number: package for number, (package, _) in packages.items()},
        "distributions": {
            "1": {"id": "1", "did": "alpine", "name": "Alpine Linux", "version": "3.10",
                  "pretty_name": "Alpine Linux v3.10"}
        } if packages else {},
        "repository": {},
        "environments": {
            number: [{"package_db": "lib/apk/db/installed", "introduced_in": layer,
                      "distribution_id": "1"}]
            for number, (_, layer) in packages.items()
        },
        "success": state == "IndexFinished",
        "err": why,
    }  # fmt: skip


def _apk(database: str, layer: str) -> dict[str, Any]:
    found = {}
    for number, paragraph in enumerate(database.strip().split("\n\n"), 1):
        fields = dict(line.split(":", 1) for line in paragraph.splitlines() if line[1:2] == ":")
        source = {"name": fields.get("o", fields["P"]), "version": fields["V"], "kind": "SOURCE"}
        package = {"id": str(number), "name": fields["P"], "version": fields["V"],
                   "kind": "BINARY", "source": source, **_BARE}  # fmt: skip
        found[str(number)] = (package, layer)
    return found


@contextlib.contextmanager
def clair_server(**settings: Any) -> Iterator[ClairServer]:
    """A running Clair, stopped at the end."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    httpd.block_on_close = False
    server = ClairServer(f"http://127.0.0.1:{httpd.server_address[1]}", **settings)
    httpd.clair = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        if server.hold is not None:
            server.hold.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""

    @property
    def clair(self) -> ClairServer:
        clair: ClairServer = self.server.clair  # type: ignore[attr-defined]
        return clair

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        clair = self.clair
        clair.asked.append((method, self.path))
        clair.tokens.append(self.headers.get("Authorization", ""))
        for path, answer in list(clair.instead.items()):
            if self.path.startswith(path):
                answer.times -= 1
                if answer.times == 0:
                    del clair.instead[path]
                return self._send(answer.status, answer.body, answer.headers)
        if not clair.lets_in(self.headers.get("Authorization", "")):
            return self._send(401, b"", {})
        indexer, matcher = "/indexer/api/v1/index_report", "/matcher/api/v1/vulnerability_report/"
        with contextlib.suppress(OSError):  # the client may leave
            if method == "POST" and self.path == indexer:
                return self._index(body)
            if self.path.startswith(f"{indexer}/"):
                digest = self.path.removeprefix(f"{indexer}/")
                if digest not in clair.reports:
                    return self._complain(404, "index report not found")
                return self._tell("index_report", clair.standing(digest))
            if self.path.startswith(matcher):
                return self._look_up(self.path.removeprefix(matcher))
            if self.path == "/indexer/api/v1/index_state":
                return self._tell("index_state", {"state": clair.state})
            if self.path.startswith("/matcher/api/v1/internal/update_operation?latest=true"):
                return self._tell("update_operations", clair.updates)
            return self._complain(404, "not found")
        return None

    def _index(self, body: bytes) -> None:
        clair = self.clair
        try:
            manifest = json.loads(body)
            if not _DIGEST.match(manifest["hash"]) or not manifest["layers"]:
                raise ValueError
        except (ValueError, KeyError):
            return self._complain(400, "bogus manifest")
        clair.manifests.append(manifest)
        if clair.hold is not None:
            clair.held.set()
            clair.hold.wait()
        try:
            return self._tell("index_report", clair.index(manifest), 201)
        except ValueError as error:
            return self._complain(500, f"failed to start scan: {error}")

    def _look_up(self, digest: str) -> None:
        if not self.clair.initialised:
            return self._send(202, b"", {})
        known = self.clair.reports.get(digest)
        if known is None or not known["success"]:
            return self._complain(404, f'index report for manifest "{digest}" not found')
        return self._tell("vulnerability_report", self.clair.look_up(digest))

    def _tell(self, schema: str, said: dict[str, Any], status: int = 200) -> None:
        self.clair.answers.append((schema, said))
        headers = {"ETag": f'"{self.clair.state}"', "Content-Type": "application/json"}
        self._send(status, json.dumps(said).encode(), headers)

    def _complain(self, status: int, why: str) -> None:
        said = {"code": "internal-error", "message": why}
        self.clair.answers.append(("error", said))
        self._send(status, json.dumps(said).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
