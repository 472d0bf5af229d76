"""A GitLab that stands in for a real one: issues, labels and notes of one project.

It runs quick actions out of texts as GitLab does: `actions` tells which.
"""

from __future__ import annotations

import copy
import re
from typing import Any
from urllib.parse import unquote

from tests.tracker_servers.serving import Answer, Call, TrackerServer

_PROJECT = "acme/platform/shop"
_ACTION = re.compile(
    r"^/(close|reopen|assign|label|unlabel|confidential|title)\b[^\n]*", re.M | re.I
)


class GitlabServer(TrackerServer):
    """`plans` says whether the token may set labels; if not, GitLab drops them in silence."""

    makes = "/issues"

    def __init__(self) -> None:
        super().__init__()
        self.settings = {"project": _PROJECT}
        self.issues: dict[int, dict[str, Any]] = {}
        self.labels: set[str] = {"bug"}
        self.notes: list[tuple[int, str]] = []
        self.actions: list[str] = []
        self.plans = True
        self.hidden = False
        self.next = 1

    def answer(self, call: Call) -> Answer:
        if call.headers.get("private-token") != self.token:
            return Answer(401, {"message": "401 Unauthorized"})
        found = re.fullmatch(r"/api/v4/projects/([^/]+)(/.*)?", call.path)
        if found is None:
            return Answer(404, {"error": "404 Not Found"})
        if self.hidden or unquote(found[1]) not in (_PROJECT, "7"):
            return Answer(404, {"message": "404 Project Not Found"})
        return self._route(call, found[2] or "")

    def _route(self, call: Call, path: str) -> Answer:
        if path == "" and call.method == "GET":
            return Answer(200, {"id": 7, "path_with_namespace": _PROJECT})
        if path == "/labels" and call.method == "POST":
            return self._add_label(call.body)
        if (found := re.fullmatch(r"/labels/([^/]+)", path)) and call.method == "GET":
            name = unquote(found[1])
            known = name in self.labels
            return Answer(200, {"id": 1, "name": name}) if known else _not_found("Label ")
        if path == "/issues":
            return self._list(call) if call.method == "GET" else self._create(call)
        if found := re.fullmatch(r"/issues/(\d+)(/notes)?", path):
            return self._one(call, int(found[1]), bool(found[2]))
        return Answer(404, {"error": "404 Not Found"})

    def _add_label(self, body: Any) -> Answer:
        if not self.plans:
            return Answer(403, {"message": "403 Forbidden"})
        if not body.get("name") or not re.fullmatch(r"#[0-9a-f]{6}", body.get("color", "")):
            return Answer(400, {"error": "name is missing, color is missing"})
        if body["name"] in self.labels:
            return Answer(409, {"message": "Label already exists"})
        self.labels.add(body["name"])
        return Answer(201, {"id": 2, **body})

    def _list(self, call: Call) -> Answer:
        query = call.query
        if query.get("scope") not in (None, "all", "created_by_me", "assigned_to_me"):
            return Answer(400, {"error": "scope does not have a valid value"})
        if query.get("state", "all") not in ("all", "opened", "closed"):
            return Answer(400, {"error": "state does not have a valid value"})
        wanted = {one for one in query.get("labels", "").split(",") if one}
        state = query.get("state", "all")
        found = [
            one
            for one in self.issues.values()
            if state in ("all", one["state"]) and wanted <= set(one["labels"])
        ]
        found.sort(key=lambda one: int(one["iid"]), reverse=query.get("sort", "desc") != "asc")
        size, page = min(int(query.get("per_page", 20)), 100), int(query.get("page", 1))
        return Answer(200, found[(page - 1) * size : page * size])

    def _create(self, call: Call) -> Answer:
        wrong = _wrong(call.body, needs_title=True)
        if wrong or call.method != "POST":
            return wrong or Answer(405, {"error": "405 Not Allowed"})
        iid, self.next = self.next, self.next + 1
        issue = {
            "id": 500 + iid,
            "iid": iid,
            "project_id": 7,
            "title": call.body["title"],
            "description": self._acted(call.body.get("description", "")),
            "state": "opened",
            "labels": self._named(call.body.get("labels", "")) if self.plans else [],
            "confidential": call.body.get("confidential", False),
            "web_url": f"{self.address}/{_PROJECT}/-/issues/{iid}",
            "moved_to_id": None,
        }
        self.issues[iid] = issue
        return Answer(201, copy.deepcopy(issue))

    def _named(self, labels: str) -> list[str]:
        names = [one.strip() for one in labels.split(",") if one.strip()]
        self.labels.update(names)
        return names

    def _acted(self, text: str) -> str:
        self.actions += [one[0] for one in _ACTION.finditer(text.replace("\r", ""))]
        return text

    def _one(self, call: Call, iid: int, notes: bool) -> Answer:
        issue = self.issues.get(iid)
        if issue is None:
            return _not_found("")
        if notes and call.method == "POST":
            if not call.body.get("body"):
                return Answer(400, {"error": "body is missing"})
            self.notes.append((iid, self._acted(call.body["body"])))
            return Answer(201, {"id": 9, "body": call.body["body"]})
        if call.method == "PUT":
            return self._change(issue, call.body)
        return Answer(200, copy.deepcopy(issue)) if call.method == "GET" else Answer(405)

    def _change(self, issue: dict[str, Any], body: Any) -> Answer:
        wrong = _wrong(body, needs_title=False)
        if wrong:
            return wrong
        event = body.get("state_event")
        if event not in (None, "close", "reopen"):
            return Answer(400, {"error": "state_event does not have a valid value"})
        if event:
            issue["state"] = "closed" if event == "close" else "opened"
        if "labels" in body and self.plans:
            issue["labels"] = self._named(body["labels"])
        if "description" in body:
            issue["description"] = self._acted(body["description"])
        issue["title"] = body.get("title", issue["title"])
        return Answer(200, copy.deepcopy(issue))

    def texts(self) -> list[str]:
        found = [t for one in self.issues.values() for t in (one["title"], one["description"])]
        return found + [text for _, text in self.notes]

    def tickets(self) -> list[dict[str, Any]]:
        return list(self.issues.values())

    def remove(self, ticket: str) -> None:
        del self.issues[int(ticket)]

    def hide(self) -> None:
        self.hidden = True


def _wrong(body: Any, *, needs_title: bool) -> Answer | None:
    if not isinstance(body, dict) or (needs_title and "title" not in body):
        return Answer(400, {"error": "title is missing"})
    title = body.get("title", "x")
    if not isinstance(title, str) or not title.strip():
        return Answer(400, {"message": {"title": ["can't be blank"]}})
    if len(title) > 255:
        return Answer(400, {"message": {"title": ["is too long (maximum is 255 characters)"]}})
    if len(body.get("description", "")) > 1_048_576:
        return Answer(400, {"message": {"description": ["is too long"]}})
    if not isinstance(body.get("labels", ""), str):
        return Answer(400, {"error": "labels is invalid"})
    return None


def _not_found(what: str) -> Answer:
    return Answer(404, {"message": f"404 {what}Not Found"})


SERVERS = {"gitlab": GitlabServer}
