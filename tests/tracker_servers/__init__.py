"""Ticket systems that stand in for real ones: the same calls, the same checks, real state.

Each is a small HTTP server on loopback that is strict about method, path, headers and fields
and answers in the shapes that its maker documents. `run("github")` gives one while a block
lasts; `python -m tests.tracker_servers github --port 0` runs one by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.tracker_servers.github import GithubServer
from tests.tracker_servers.gitlab import GitlabServer
from tests.tracker_servers.jira import JiraServer
from tests.tracker_servers.serving import TrackerServer, serving

KINDS: dict[str, Callable[[], TrackerServer]] = {
    "github": GithubServer,
    "gitlab": GitlabServer,
    "jira-cloud": lambda: JiraServer(cloud=True),
    "jira-server": lambda: JiraServer(cloud=False),
}
KINDS["jira"] = KINDS["jira-cloud"]


@contextmanager
def run(kind: str, port: int = 0) -> Iterator[TrackerServer]:
    """A ticket system of this kind; `address` says where."""
    server = KINDS[kind]()
    with serving(server, port):
        yield server
