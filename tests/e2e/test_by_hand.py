"""The whole platform by hand: `vigie up`, the password that it prints, and nothing but curl."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
import pytest
from tests import tracker_servers
from tests.e2e.test_up import PATIENCE, up
from tests.receiver import receiver

REPORT = {
    "descriptor": {"name": "grype", "version": "0.74.0"},
    "source": {"type": "image", "target": {"userInput": "shop:1.0", "tags": ["shop:1.0"]}},
    "matches": [],
}


def match(number: int, severity: str) -> dict[str, Any]:
    name = f"CVE-2024-{number}"
    return {
        "vulnerability": {
            "id": name, "severity": severity, "namespace": "debian:distro:debian:12",
            "dataSource": f"https://security.example/{name}", "description": "A flaw.",
            "fix": {"versions": ["1.2.4"], "state": "fixed"},
        },
        "artifact": {
            "name": "libshop", "version": "1.2.3", "type": "deb", "language": "",
            "purl": "pkg:deb/debian/libshop@1.2.3?distro=debian-12", "locations": [],
        },
        "matchDetails": [], "relatedVulnerabilities": [],
    }  # fmt: skip


@dataclass
class Curl:
    """Somebody with curl and an address."""

    address: str
    headers: list[str] = field(default_factory=list)

    def __call__(self, method: str, path: str, *arguments: str, body: Any = None) -> Any:
        """The answer's JSON; curl fails for a status of 400 and more."""
        answer = self.raw(method, path, *arguments, body=body)
        return json.loads(answer) if answer else None

    def raw(self, method: str, path: str, *arguments: str, body: Any = None) -> bytes:
        headers = [part for header in self.headers for part in ("-H", header)]
        sent = ["--json", json.dumps(body)] if body is not None else []
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "60",
             "-X", method, f"{self.address}{path}", *headers, *sent, *arguments],
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (method, path, done.stdout, done.stderr)
        return done.stdout

    def until(self, path: str, states: tuple[str, ...] = ("done",)) -> Any:
        """The thing at this path, once it is so far."""
        for _ in range(int(PATIENCE * 5)):
            found = self("GET", path)
            if found["state"] in states:
                return found
            assert found["state"] != "failed", found
            threading.Event().wait(0.2)
        raise AssertionError(f"{path} never came to be {states}: {found}")


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_the_platform_by_hand(tmp_path: Path) -> None:
    report = tmp_path / "grype.json"
    matches = [match(1, "Critical"), match(2, "Low")]
    report.write_text(json.dumps({**REPORT, "matches": matches}))
    with (
        receiver() as hook,
        tracker_servers.run("gitlab") as tracker,
        up(tmp_path, "--no-first-scan", VIGIE_OUTBOUND_ALLOWED="127.0.0.0/8") as server,
    ):
        password = server.said(r"Password\s+(\S+)")
        curl = Curl(f"{server.address}/api/v1")
        _sign_in(curl, password)
        _take_in(curl, report)
        critical = _triage(curl)
        _subscribe(curl, hook.address)
        _hand_in_more(curl, report, matches)
        _received(hook)
        _open_a_ticket(curl, tracker, critical)
        _download(curl)
        verdict = curl("GET", "/audit/verify")
        assert verdict["whole"] is True
        assert verdict["entries"] > 10
        assert server.end() == 0


def _sign_in(curl: Curl, password: str) -> None:
    """In, the second factor on, and in again with it."""
    first = curl("POST", "/auth/sign-in", body={"email": "admin@localhost", "password": password})
    curl.headers = [f"Authorization: Bearer {first['access_token']}"]
    offered = curl("POST", "/me/second-factor", body={"password": password})
    codes = pyotp.TOTP(offered["secret"])
    kept = curl("POST", "/me/second-factor/confirm", body={
        "challenge": offered["challenge"], "code": codes.now()
    })  # fmt: skip
    assert len(kept["recovery_codes"]) == 10
    curl.headers = []
    asked = curl("POST", "/auth/sign-in", body={"email": "admin@localhost", "password": password})
    assert not asked.get("access_token")
    # A code counts once, and that of this half minute is spent: a recovery code is as good.
    whole = curl("POST", "/auth/second-factor", body={
        "challenge": asked["second_factor"]["challenge"], "code": kept["recovery_codes"][0]
    })  # fmt: skip
    curl.headers = [f"Authorization: Bearer {whole['access_token']}"]
    assert curl("GET", "/me")["second_factor"] is True


def _take_in(curl: Curl, report: Path) -> None:
    made = curl("POST", "/imports", "-F", f"report=@{report}", "-F", "exposure=open")
    done = curl.until(f"/imports/{made['id']}")
    assert done["summary"]["new"] in (2, 4)


def _triage(curl: Curl) -> str:
    listed = curl("GET", "/findings?severity=critical,low&counts=true&facets=severity")
    assert [f["severity"] for f in listed["items"]] == ["critical", "low"]
    low, critical = listed["items"][1]["id"], str(listed["items"][0]["id"])
    verdict = {"status": "not_affected", "reason": "never called",
               "justification": "vulnerable_code_not_in_execute_path"}  # fmt: skip
    assert curl("PATCH", f"/findings/{low}", body=verdict)["status"] == "not_affected"
    assert curl("GET", "/findings?counts=true")["total"] == 1
    return critical


def _subscribe(curl: Curl, address: str) -> None:
    curl("PUT", "/secrets/hook", body={"value": f"{address}/hook"})
    curl("PUT", "/secrets/hook-key", body={"value": "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cyBoZXJl"})
    settings = {"url": "secret://hook", "signing_secret": "secret://hook-key"}
    channel = curl("POST", "/channels", body={"name": "hook", "kind": "webhook",
                                              "settings": settings})  # fmt: skip
    conditions = {"events": ["finding.new"], "severity": "high"}
    curl("POST", "/notification-rules", body={
        "name": "grave", "channel_id": channel["id"], "conditions": conditions
    })  # fmt: skip


def _hand_in_more(curl: Curl, report: Path, matches: list[dict[str, Any]]) -> None:
    report.write_text(json.dumps({**REPORT, "matches": [*matches, match(3, "Critical")]}))
    made = curl("POST", "/imports", "-F", f"report=@{report}")
    assert curl.until(f"/imports/{made['id']}")["summary"]["new"] == 1


def _received(hook: Any) -> None:
    for _ in range(int(PATIENCE * 5)):
        if hook.requests:
            break
        threading.Event().wait(0.2)
    assert len(hook.requests) == 1
    assert hook.requests[0].headers["webhook-signature"].startswith("v1,")
    assert b"CVE-2024-3" in hook.requests[0].body
    assert b"CVE-2024-1" not in hook.requests[0].body


def _open_a_ticket(curl: Curl, tracker: Any, finding: str) -> None:
    curl("PUT", "/secrets/tracker", body={"value": tracker.token})
    settings = {**tracker.settings, "token": "secret://tracker"}
    channel = curl("POST", "/channels", body={"name": "issues", "kind": "gitlab",
                                              "settings": settings})  # fmt: skip
    wish = {"channel_id": channel["id"], "finding_id": finding}
    made = curl("POST", "/tickets", body=wish)
    opened = curl.until(f"/tickets/{made['id']}", ("open",))
    assert opened["url"]
    assert len(tracker.tickets()) == 1
    again = curl("POST", "/tickets", body=wish)
    assert again["id"] == made["id"]


def _download(curl: Curl) -> None:
    wish = {"title": "What is open", "format": "pdf", "language": "fr",
            "filters": {"counts": "true"}}  # fmt: skip
    made = curl("POST", "/reports", body=wish)
    curl.until(f"/reports/{made['id']}")
    assert curl.raw("GET", f"/reports/{made['id']}/file").startswith(b"%PDF-")
