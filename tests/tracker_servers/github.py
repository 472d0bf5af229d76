"""A GitHub that stands in for the real one: issues, labels and comments of one repository."""

from __future__ import annotations

import copy
import re
from typing import Any
from urllib.parse import unquote

from tests.tracker_servers.serving import Answer, Call, TrackerServer

_REPO = "acme/shop"


class GithubServer(TrackerServer):
    """`pushes` says whether the token may set labels; if not, GitHub drops them in silence."""

    makes = "/issues"

    def __init__(self) -> None:
        super().__init__()
        self.settings = {"repository": _REPO}
        self.issues: dict[int, dict[str, Any]] = {}
        self.labels: dict[str, dict[str, Any]] = {"bug": {"name": "bug", "color": "d73a4a"}}
        self.comments: list[tuple[int, str]] = []
        self.gone: set[int] = set()
        self.moved: set[int] = set()
        self.has_issues = True
        self.pushes = True
        self.hidden = False
        self.next = 1

    def answer(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(401, {"message": "Bad credentials", "status": "401"})
        if "user-agent" not in call.headers:
            return Answer(403, {"message": "Request forbidden by administrative rules."})
        if call.headers.get("x-github-api-version") != "2022-11-28":
            return Answer(400, {"message": "not a supported version"})
        if call.headers.get("accept") != "application/vnd.github+json":
            return Answer(415, {"message": "Must accept 'application/json'"})
        if self.hidden or not call.path.startswith(f"/repos/{_REPO}"):
            return _not_found()
        return self._route(call, call.path.removeprefix(f"/repos/{_REPO}"))

    def _route(self, call: Call, path: str) -> Answer:
        if path == "" and call.method == "GET":
            return Answer(200, {"full_name": _REPO, "has_issues": self.has_issues})
        if path == "/labels" and call.method == "POST":
            return self._add_label(call.body)
        if (found := re.fullmatch(r"/labels/([^/]+)", path)) and call.method == "GET":
            label = self.labels.get(unquote(found[1]).lower())
            return Answer(200, label) if label else _not_found()
        if not self.has_issues:
            return Answer(410, {"message": "Issues has been disabled in this repository."})
        if path == "/issues":
            return self._list(call) if call.method == "GET" else self._create(call)
        if found := re.fullmatch(r"/issues/(\d+)(/comments)?", path):
            return self._one(call, int(found[1]), bool(found[2]))
        return _not_found()

    def _add_label(self, body: Any) -> Answer:
        if not self.pushes:
            return _not_found()
        name = str(body["name"])
        if len(name) > 50 or not re.fullmatch(r"[0-9a-fA-F]{6}", body.get("color", "")):
            return _invalid("Label", "name")
        if len(body.get("description", "")) > 100:
            return _invalid("Label", "description")
        if name.lower() in self.labels:
            return _invalid("Label", "name", "already_exists")
        self.labels[name.lower()] = body
        return Answer(201, body)

    def _list(self, call: Call) -> Answer:
        query = call.query
        state, size, page = (
            query.get("state", "open"),
            int(query.get("per_page", 30)),
            int(query["page"]),
        )
        wanted = {one.lower() for one in query.get("labels", "").split(",") if one}
        found = [
            one
            for one in self.issues.values()
            if state in ("all", one["state"])
            and wanted <= {label["name"].lower() for label in one["labels"]}
        ]
        found.sort(key=lambda one: int(one["number"]), reverse=query.get("direction") != "asc")
        size = min(size, 100)
        return Answer(200, found[(page - 1) * size : page * size])

    def _create(self, call: Call) -> Answer:
        if call.method != "POST":
            return _not_found()
        wrong = _wrong(call.body, needs_title=True)
        if wrong:
            return wrong
        number, self.next = self.next, self.next + 1
        issue = {
            "id": 1000 + number,
            "number": number,
            "url": f"{self.address}/repos/{_REPO}/issues/{number}",
            "html_url": f"https://github.com/{_REPO}/issues/{number}",
            "state": "open",
            "state_reason": None,
            "title": call.body["title"],
            "body": call.body.get("body"),
            "labels": self._named(call.body.get("labels", [])) if self.pushes else [],
            "user": {"login": "vigie-bot", "id": 1},
            "comments": 0,
        }
        self.issues[number] = issue
        return Answer(201, copy.deepcopy(issue))

    def _named(self, names: list[str]) -> list[dict[str, Any]]:
        for name in names:
            self.labels.setdefault(name.lower(), {"name": name, "color": "ededed"})
        return [{"id": 1, "name": name, "color": "ededed", "description": None} for name in names]

    def _one(self, call: Call, number: int, comments: bool) -> Answer:
        if number in self.gone:
            return Answer(410, {"message": "This issue was deleted"})
        if number in self.moved:
            to = f"{self.address}/repositories/9/issues/1"
            return Answer(301, {"message": "Moved Permanently", "url": to}, {"Location": to})
        issue = self.issues.get(number)
        if issue is None:
            return _not_found()
        if comments and call.method == "POST":
            if not call.body.get("body") or len(call.body["body"]) > 65536:
                return _invalid("IssueComment", "body")
            self.comments.append((number, call.body["body"]))
            return Answer(201, {"id": 1, "body": call.body["body"]})
        if call.method == "PATCH":
            return self._change(issue, call.body)
        return Answer(200, copy.deepcopy(issue)) if call.method == "GET" else _not_found()

    def _change(self, issue: dict[str, Any], body: Any) -> Answer:
        wrong = _wrong(body, needs_title=False)
        if wrong:
            return wrong
        if body.get("state_reason") not in (
            None,
            "completed",
            "not_planned",
            "reopened",
            "duplicate",
        ):
            return _invalid("Issue", "state_reason")
        if "labels" in body and self.pushes:
            issue["labels"] = self._named(body["labels"])
        issue.update({k: body[k] for k in ("title", "body", "state", "state_reason") if k in body})
        return Answer(200, copy.deepcopy(issue))

    def texts(self) -> list[str]:
        found = [text for one in self.issues.values() for text in (one["title"], one["body"])]
        return found + [text for _, text in self.comments]

    def tickets(self) -> list[dict[str, Any]]:
        return [one for one in self.issues.values() if "pull_request" not in one]

    def remove(self, ticket: str) -> None:
        self.issues.pop(int(ticket))
        self.gone.add(int(ticket))

    def hide(self) -> None:
        self.hidden = True


def _wrong(body: Any, *, needs_title: bool) -> Answer | None:
    known = {"title", "body", "labels", "state", "state_reason", "assignees", "milestone"}
    if not isinstance(body, dict) or set(body) - known:
        return Answer(422, {"message": "Invalid request."})
    title = body.get("title", "" if needs_title else "x")
    if not isinstance(title, str) or not title.strip() or len(title) > 256:
        return _invalid("Issue", "title", "missing_field")
    if len(body.get("body") or "") > 65536:
        return _invalid("Issue", "body", "body is too long (maximum is 65536 characters)")
    if any(not isinstance(one, str) or not 0 < len(one) <= 50 for one in body.get("labels", [])):
        return _invalid("Label", "name")
    if body.get("state", "open") not in ("open", "closed"):
        return _invalid("Issue", "state")
    return None


def _invalid(resource: str, field: str, code: str = "invalid") -> Answer:
    errors = [{"resource": resource, "field": field, "code": code}]
    return Answer(422, {"message": "Validation Failed", "errors": errors, "status": "422"})


def _not_found() -> Answer:
    return Answer(404, {"message": "Not Found", "status": "404"})


SERVERS = {"github": GithubServer}
