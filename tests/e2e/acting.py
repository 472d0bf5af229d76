"""People and pipelines who go on working while processes die, and remember what was promised.

Each notes what it asks before it asks and what was acknowledged after. A request whose answer
never came may or may not have happened: that is what `unknown` holds.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.e2e.processes import Processes
from tests.servers import trust

_PAUSE = 0.05
_PATIENCE = 20.0


@dataclass
class Promises:
    """What was acknowledged, and what nobody knows: words (names, reasons, texts) and how many
    findings each concerns."""

    done: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)

    def settle(self, word: str, count: int, *, acknowledged: bool) -> None:
        (self.done if acknowledged else self.unknown)[word] = count


@dataclass
class Actors:
    """Everybody at work on one platform, each in a thread until `stop`."""

    processes: Processes
    key: str
    seed: str
    findings: int  # of a report
    imports: Promises = field(default_factory=Promises)
    fixed: dict[str, str] = field(default_factory=dict)  # image whose last flaw was mended: import
    single: Promises = field(default_factory=Promises)
    bulk: Promises = field(default_factory=Promises)
    comments: Promises = field(default_factory=Promises)
    seen: list[str] = field(default_factory=list)  # ids of findings that the list has shown
    errors: list[BaseException] = field(default_factory=list)
    changes: int = 0  # that were acknowledged
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for name, act in (
            ("pipeline", self._import), ("analyst", self._triage), ("team", self._triage_many),
            ("talker", self._comment),
        ):  # fmt: skip
            thread = threading.Thread(target=self._run, args=(name, act), name=name)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let each finish what it is at; raises what went wrong in one of them."""
        self._over.set()
        for thread in self._threads:
            thread.join(180)
            assert not thread.is_alive(), f"{thread.name} hangs"
        for error in self.errors:
            raise error

    def _run(self, name: str, act: Callable[[random.Random, int], None]) -> None:
        chance, number = random.Random(f"{self.seed} {name}"), 0
        try:
            while not self._over.is_set():
                act(chance, number)
                number += 1
                time.sleep(_PAUSE)
        except BaseException as error:  # noqa: BLE001  it is raised in the test's own thread
            self.errors.append(error)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response | None:
        """One request; None when no answer came."""
        port = self.processes.port()
        if port is None:
            time.sleep(_PAUSE)
            return None
        headers = {"Authorization": f"Bearer {self.key}", **given.pop("headers", {})}
        address = f"http://127.0.0.1:{port}/api/v1{path}"
        try:
            answer = httpx.request(
                method, address, headers=headers, timeout=_PATIENCE, verify=trust(), **given
            )
        except httpx.TransportError:
            return None
        self.changes += method != "GET" and answer.is_success
        return answer

    def wait_for_change(self) -> None:
        """Until somebody's next change is acknowledged, or they are all at their wits' end."""
        before, end = self.changes, time.monotonic() + _PATIENCE * 3
        while self.changes == before and not self.errors and time.monotonic() < end:
            time.sleep(0.02)

    def insist(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask until there is an answer: for what is safe to ask twice."""
        end = time.monotonic() + 180
        while time.monotonic() < end:
            answer = self.ask(method, path, **given)
            if answer is not None and answer.status_code != 503:
                return answer
            time.sleep(_PAUSE)
        raise AssertionError(f"{method} {path} was never answered")

    def _import(self, _: random.Random, number: int) -> None:
        """A new image with flaws; every third time it comes again with the last one mended."""
        image = f"registry.example/shop-{number}:1"
        first = self._hand_in(image, f"{image} first", self.findings)
        if number % 3 or not self._wait(first):
            return
        self.fixed[image] = self._hand_in(image, f"{image} second", self.findings - 1)

    def _hand_in(self, image: str, name: str, findings: int) -> str:
        self.imports.unknown[name] = findings
        answer = self.insist(
            "POST", "/imports", headers={"Idempotency-Key": name},
            files={"report": (name, json.dumps(report(image, findings)).encode())},
        )  # fmt: skip
        assert answer.status_code == 202, answer.text
        del self.imports.unknown[name]
        self.imports.done[name] = findings
        return str(answer.json()["id"])

    def _wait(self, import_id: str) -> bool:
        while not self._over.is_set():
            row = self.insist("GET", f"/imports/{import_id}").json()
            assert row["state"] != "failed", row
            if row["state"] == "done":
                return True
            time.sleep(_PAUSE)
        return False

    def _look(self) -> list[dict[str, Any]]:
        """Findings that nobody has decided about."""
        query = {"status": "open", "limit": "200", "fields": "id,revision"}
        answer = self.insist("GET", "/findings", params=query)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["items"]
        self.seen = [row["id"] for row in rows] or self.seen
        return rows

    def _triage(self, chance: random.Random, number: int) -> None:
        rows = self._look()
        if not rows:
            return
        row, reason = chance.choice(rows), f"single decision {number}"
        answer = self.ask(
            "PATCH", f"/findings/{row['id']}", headers={"If-Match": f'"{row["revision"]}"'},
            json={"status": "suppressed", "reason": reason},
        )  # fmt: skip
        self._note(self.single, reason, 1, answer)

    def _triage_many(self, chance: random.Random, number: int) -> None:
        rows = self._look()
        if len(rows) < 20:
            return
        chosen, reason = chance.sample(rows, 7), f"bulk decision {number}"
        body = {"findings": [row["id"] for row in chosen], "status": "not_affected",
                "justification": "vulnerable_code_not_present", "reason": reason}  # fmt: skip
        self._note(self.bulk, reason, len(chosen), self.ask("POST", "/findings/triage", json=body))

    def _comment(self, chance: random.Random, number: int) -> None:
        """With an Idempotency-Key, so it is asked again until it is answered."""
        if not self.seen:
            return
        text = f"comment {number}"
        self.comments.unknown[text] = 1
        answer = self.insist(
            "POST", f"/findings/{chance.choice(self.seen)}/comments",
            headers={"Idempotency-Key": text}, json={"body": text},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        self.comments.settle(text, self.comments.unknown.pop(text), acknowledged=True)

    @staticmethod
    def _note(promises: Promises, word: str, count: int, answer: httpx.Response | None) -> None:
        if answer is None or answer.status_code >= 500:
            promises.settle(word, count, acknowledged=False)
            return
        # Somebody else was faster: then nothing of it has happened.
        assert answer.status_code in (200, 412), answer.text
        promises.settle(word, count if answer.status_code == 200 else 0, acknowledged=True)


def report(image: str, findings: int) -> dict[str, Any]:
    """Trivy's, of an image with so many flaws."""
    flaws = [
        {
            "VulnerabilityID": f"CVE-2024-{10_000 + number}", "PkgName": f"lib{number % 50}",
            "PkgIdentifier": {"PURL": f"pkg:deb/debian/lib{number % 50}@1.0?distro=debian-12"},
            "InstalledVersion": "1.0", "Severity": "HIGH", "Title": "what it does",
            "Status": "affected",
        }
        for number in range(findings)
    ]  # fmt: skip
    return {
        "SchemaVersion": 2, "ArtifactName": image, "ArtifactType": "container_image",
        "Metadata": {"OS": {"Family": "debian", "Name": "12"}, "RepoTags": [image]},
        "Results": [{"Target": image, "Class": "os-pkgs", "Type": "debian",
                     "Vulnerabilities": flaws}],
    }  # fmt: skip
