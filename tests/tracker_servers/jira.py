"""A Jira that stands in for a real one: Cloud (v3, documents) or Data Center (v2, wiki markup).

One project with a workflow: To Do, Doing, In Review, Done. `done_wants` makes its last step ask
for a resolution; `stuck` takes away the steps out of Done.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from tests.tracker_servers.serving import Answer, Call, TrackerServer

_PROJECT = "SEC"
_EMAIL = "vigie@acme.example"
_STATUSES = {
    "1": ("To Do", "new"),
    "2": ("In Arbeit", "indeterminate"),
    "3": ("Prêt à relire", "indeterminate"),
    "4": ("Erledigt", "done"),
}
_STEPS = {
    "1": [("21", "Begin", "2"), ("41", "Drop it", "4")],
    "2": [("31", "Ask for review", "3"), ("42", "Finish", "4")],
    "3": [("22", "Back to work", "2"), ("43", "Accept", "4")],
    "4": [("23", "Take up again", "2"), ("11", "Reopen", "1")],
}
_JQL = re.compile(r'project = "([A-Z0-9_]+)" AND labels = "([^"\\ ]+)"( ORDER BY created ASC)?')


class JiraServer(TrackerServer):
    makes = "/issue"

    def __init__(self, *, cloud: bool) -> None:
        super().__init__()
        self.cloud = cloud
        self.settings = {"project": _PROJECT} | ({"email": _EMAIL} if cloud else {})
        self.api = "/rest/api/3" if cloud else "/rest/api/2"
        self.issues: dict[str, dict[str, Any]] = {}
        self.comments: list[tuple[str, Any]] = []
        self.done_wants = False
        self.stuck = False
        self.hidden = False
        self.next = 1

    @property
    def login(self) -> str:
        packed = base64.b64encode(f"{_EMAIL}:{self.token}".encode()).decode()
        return f"Basic {packed}" if self.cloud else f"Bearer {self.token}"

    def answer(self, call: Call) -> Answer:
        if call.headers.get("authorization") != self.login:
            said = "Client must be authenticated to access this resource."
            return Answer(401, {"errorMessages": [said], "errors": {}})
        if not call.path.startswith(f"{self.api}/"):
            return Answer(404, {"errorMessages": ["null for uri"], "errors": {}})
        return self._route(call, call.path.removeprefix(self.api))

    def _route(self, call: Call, path: str) -> Answer:
        if path == "/search" and self.cloud:
            return Answer(410, {"errorMessages": ["The requested API has been removed."]})
        if path == ("/search/jql" if self.cloud else "/search") and call.method == "POST":
            return self._search(call.body)
        if path == f"/project/{_PROJECT}" and call.method == "GET" and not self.hidden:
            return Answer(200, {"id": "10000", "key": _PROJECT})
        if path == "/issue" and call.method == "POST":
            return self._create(call.body)
        found = re.fullmatch(r"/issue/([A-Z0-9-]+)(/transitions|/comment)?", path)
        issue = self._issue(found[1]) if found else None
        if found is None or issue is None:
            return _none()
        return self._one(call, issue, found[2] or "")

    def _issue(self, name: str) -> dict[str, Any] | None:
        if self.hidden:
            return None
        return next((i for i in self.issues.values() if name in (i["id"], i["key"])), None)

    def _search(self, body: Any) -> Answer:
        found = _JQL.fullmatch(body["jql"])
        if found is None:
            return _wrong(message="Error in the JQL Query")
        if self.hidden or found[1] != _PROJECT:
            return _wrong(message=f"The value '{found[1]}' does not exist for the field 'project'.")
        issues = [i for i in self.issues.values() if found[2] in i["fields"]["labels"]]
        asked = body.get("fields", [])
        shown = [self._shown(one, asked) for one in issues[: body.get("maxResults", 50)]]
        if self.cloud:
            return Answer(200, {"issues": shown, "isLast": True})
        return Answer(200, {"startAt": 0, "maxResults": 50, "total": len(issues), "issues": shown})

    def _shown(self, issue: dict[str, Any], asked: list[str]) -> dict[str, Any]:
        fields = {**issue["fields"], "status": _status(issue["status"])}
        told = {"id": issue["id"], "key": issue["key"], "self": f"{self.address}{self.api}/issue/1"}
        return told | {"fields": {name: fields[name] for name in asked if name in fields}}

    def _create(self, body: Any) -> Answer:
        fields = body.get("fields", {})
        wrong = self._wrong_fields(fields)
        if fields.get("project") != {"key": _PROJECT} or self.hidden:
            return _wrong(project="valid project is required")
        if fields.get("issuetype") not in ({"name": "Task"}, {"name": "Bug"}):
            return _wrong(issuetype="The issue type selected is invalid.")
        if wrong or not fields.get("summary"):
            return wrong or _wrong(summary="You must specify a summary of the issue.")
        number, self.next = self.next, self.next + 1
        issue = {"id": str(10000 + number), "key": f"{_PROJECT}-{number}", "status": "1"}
        self.issues[str(issue["id"])] = {**issue, "fields": {"labels": [], **fields}}
        return Answer(201, {"id": issue["id"], "key": issue["key"], "self": self.address})

    def _wrong_fields(self, fields: Any) -> Answer | None:
        summary = fields.get("summary", "x")
        if len(summary) > 255 or "\n" in summary:
            return _wrong(summary="Summary must be a single line of at most 255 characters.")
        labels = fields.get("labels", [])
        if any(not one or " " in one or len(one) > 255 for one in labels):
            return _wrong(labels="The label contains spaces which is invalid.")
        return self._wrong_text("description", fields.get("description"))

    def _wrong_text(self, name: str, text: Any) -> Answer | None:
        if text is None:
            return None
        if not self.cloud:
            good = isinstance(text, str) and len(text) <= 32767
            return None if good else _wrong(**{name: "The entered text is too long."})
        if not is_document(text):
            return _wrong(**{name: "Operation value must be an Atlassian Document"})
        return None

    def _one(self, call: Call, issue: dict[str, Any], part: str) -> Answer:
        if part == "/transitions":
            return self._steps(issue) if call.method == "GET" else self._step(issue, call.body)
        if part == "/comment" and call.method == "POST":
            wrong = self._wrong_text("comment", call.body.get("body", ""))
            if wrong is None:
                self.comments.append((issue["id"], call.body["body"]))
            return wrong or Answer(201, {"id": "1", "body": call.body["body"]})
        if part == "" and call.method == "GET":
            return Answer(200, self._shown(issue, call.query.get("fields", "").split(",")))
        if part == "" and call.method == "PUT":
            return self._change(issue, call.body)
        return Answer(405)

    def _change(self, issue: dict[str, Any], body: Any) -> Answer:
        wrong = self._wrong_fields(body.get("fields", {}))
        if wrong:
            return wrong
        issue["fields"].update(body.get("fields", {}))
        labels = list(issue["fields"]["labels"])
        for change in body.get("update", {}).get("labels", []):
            ((verb, label),) = change.items()
            if verb == "add" and label not in labels:
                labels.append(label)
            if verb == "remove" and label in labels:
                labels.remove(label)
        issue["fields"]["labels"] = labels
        return Answer(204)

    def _open_steps(self, issue: dict[str, Any]) -> list[tuple[str, str, str]]:
        return [] if self.stuck and issue["status"] == "4" else _STEPS[issue["status"]]

    def _steps(self, issue: dict[str, Any]) -> Answer:
        resolutions = [{"id": "10", "name": "Fixed"}, {"id": "11", "name": "Won't do"}]
        asked = {"resolution": {"required": True, "allowedValues": resolutions}}
        told = [
            {
                "id": step,
                "name": name,
                "to": _status(to),
                "fields": asked if self.done_wants and to == "4" else {},
            }
            for step, name, to in self._open_steps(issue)
        ]
        return Answer(200, {"expand": "transitions", "transitions": told})

    def _step(self, issue: dict[str, Any], body: Any) -> Answer:
        steps = {step: to for step, _, to in self._open_steps(issue)}
        to = steps.get(body.get("transition", {}).get("id"))
        if to is None:
            return _wrong(message="It seems that you have tried to perform an illegal operation")
        given = body.get("fields", {}).get("resolution", {}).get("id")
        if self.done_wants and to == "4" and given not in ("10", "11"):
            return _wrong(resolution="Resolution is required.")
        issue["status"] = to
        return Answer(204)

    def texts(self) -> list[str]:
        found = [
            i["fields"][part] for i in self.issues.values() for part in ("summary", "description")
        ]
        return [_read(one) for one in [*found, *(text for _, text in self.comments)]]

    def tickets(self) -> list[dict[str, Any]]:
        return list(self.issues.values())

    def remove(self, ticket: str) -> None:
        del self.issues[ticket]

    def hide(self) -> None:
        self.hidden = True


# What may stand in what (Atlassian document format, version 1), as far as text goes.
_BLOCKS = {
    "doc": {"paragraph", "heading", "bulletList", "orderedList", "codeBlock", "blockquote", "rule",
            "table"},
    "blockquote": {"paragraph", "bulletList", "orderedList", "codeBlock"},
    "listItem": {"paragraph", "bulletList", "orderedList", "codeBlock"},
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "table": {"tableRow"},
    "tableRow": {"tableCell", "tableHeader"},
    "tableCell": {"paragraph"},
    "tableHeader": {"paragraph"},
}  # fmt: skip
_LINES = {"paragraph", "heading"}


def is_document(text: Any) -> bool:
    """Whether Jira Cloud takes this for a text."""
    if not isinstance(text, dict) or text.get("type") != "doc" or text.get("version") != 1:
        return False
    return len(json.dumps(text)) < 65_536 and all(_is_block(one, "doc") for one in text["content"])


def _is_block(node: Any, parent: str) -> bool:
    kind = node.get("type")
    if kind not in _BLOCKS[parent]:
        return False
    content = node.get("content", [])
    if kind == "rule":
        return True
    if kind == "codeBlock":
        return all(_is_text(one) and "marks" not in one for one in content)
    if kind in _LINES:
        return all(one == {"type": "hardBreak"} or _is_text(one) for one in content)
    first = content[0]["type"] if content else ""
    if kind == "listItem" and first not in ("paragraph", "codeBlock"):
        return False
    return bool(content) and all(_is_block(one, kind) for one in content)


def _is_text(node: Any) -> bool:
    if node.get("type") != "text" or not node.get("text"):
        return False
    marks = [one["type"] for one in node.get("marks", [])]
    alone = "code" not in marks or set(marks) <= {"code", "link"}
    return alone and len(marks) == len(set(marks)) and set(marks) <= {
        "strong", "em", "strike", "code", "link"
    }  # fmt: skip


def _read(text: Any) -> str:
    """The words of a text in either form."""
    if isinstance(text, str):
        return text
    inner = [_read(one) for one in text.get("content", [])]
    if text.get("type") in _LINES | {"codeBlock"}:
        return "".join(inner)
    return str(text["text"]) if text.get("type") == "text" else "\n".join(inner)


def _status(number: str) -> dict[str, Any]:
    name, category = _STATUSES[number]
    return {"id": number, "name": name, "statusCategory": {"id": 2, "key": category, "name": name}}


def _none() -> Answer:
    said = "Issue does not exist or you do not have permission to see it."
    return Answer(404, {"errorMessages": [said], "errors": {}})


def _wrong(message: str = "", **errors: str) -> Answer:
    return Answer(400, {"errorMessages": [message] if message else [], "errors": errors})


SERVERS = {
    "jira": lambda: JiraServer(cloud=True),
    "jira-cloud": lambda: JiraServer(cloud=True),
    "jira-server": lambda: JiraServer(cloud=False),
}
