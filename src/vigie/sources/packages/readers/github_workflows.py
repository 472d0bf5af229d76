"""Actions that GitHub workflows and composite actions use.

Source: GitHub documentation, "Workflow syntax" (`jobs.<id>.steps[*].uses`, `jobs.<id>.uses`)
and "Metadata syntax" (`runs.steps[*].uses`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._records import is_inside_installed, package, text_of
from vigie.sources.packages.readers._yaml_places import YamlMap, YamlValue, yaml_of

_MOST = 4 * 1024**2  # bytes
_USES = re.compile(r"^(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)(?:/[^@\s]*)?@(?P<ref>\S+)$")
_COMMIT = re.compile(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
# The version that updaters remark behind a commit: "# v4.1.2", "# tag=v4.1.2".
_REMARK = re.compile(r"#\s*(?:tag=|ratchet:\S+@)?(v?\d+(?:\.\d+)*[\w.-]*)")


class _GithubWorkflows:
    name = "github-workflows"
    label = "GitHub workflows"
    types = frozenset({"github"})
    patterns: Sequence[str] = (
        ".github/workflows/*.yml",
        ".github/workflows/*.yaml",
        "action.yml",
        "action.yaml",
    )
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every action and reusable workflow of another repository, at each place it is used.

        One that is pinned to a commit has the version that is remarked behind it, if any.
        """
        if is_inside_installed(file.path):
            return
        root = yaml_of(file, "workflow")
        lines = _lines(file)
        for said, number in _uses(root):
            found = _USES.match(said)
            if found is None:
                continue  # a folder of this repository, or a container image
            reference = found["ref"]
            commit = reference if _COMMIT.match(reference) else ""
            remark = _REMARK.search(lines[number - 1]) if commit and number <= len(lines) else None
            version = (remark[1] if remark else "") if commit else reference
            name = f"{found['owner']}/{found['name']}"
            yield package(
                "github",
                name,
                version,
                line=number,
                direct=True,
                scope=Scope.DEVELOPMENT,
                vcs_url=f"git+https://github.com/{name}@{commit}" if commit else "",
            )


def _lines(file: PackageFile) -> list[str]:
    file.content.seek(0)
    return text_of(file, _MOST).split("\n")


def _uses(root: YamlMap) -> Iterator[tuple[str, int]]:
    for _, job, _ in root.map("jobs").maps():
        yield from _used(job)
        yield from _of_steps(job.get("steps"))
    yield from _of_steps(root.map("runs").get("steps"))


def _of_steps(steps: YamlValue) -> Iterator[tuple[str, int]]:
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, YamlMap):
            yield from _used(step)


def _used(fields: YamlMap) -> Iterator[tuple[str, int]]:
    said = fields.text("uses").strip()
    if said:
        yield said, fields.lines["uses"]


READER = _GithubWorkflows()
