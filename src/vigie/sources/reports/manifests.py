"""Which ecosystem a package belongs to, told by the lock file or manifest that lists it."""

from __future__ import annotations

import re

_MANIFESTS = {
    "package.json": "npm",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "yarn.lock": "npm",
    "pnpm-lock.yaml": "npm",
    "bun.lock": "npm",
    "pipfile": "pypi",
    "pipfile.lock": "pypi",
    "poetry.lock": "pypi",
    "uv.lock": "pypi",
    "pdm.lock": "pypi",
    "pyproject.toml": "pypi",
    "setup.py": "pypi",
    "gemfile": "gem",
    "gemfile.lock": "gem",
    "gems.locked": "gem",
    "pom.xml": "maven",
    "maven_dep_tree.txt": "maven",
    "build.gradle": "maven",
    "build.gradle.kts": "maven",
    "gradle.lockfile": "maven",
    "build.sbt": "maven",
    "ivy.xml": "maven",
    "go.mod": "golang",
    "go.sum": "golang",
    "cargo.toml": "cargo",
    "cargo.lock": "cargo",
    "composer.json": "composer",
    "composer.lock": "composer",
    "packages.lock.json": "nuget",
    "packages.config": "nuget",
    "conan.lock": "conan",
    "conanfile.txt": "conan",
    "pubspec.lock": "pub",
    "mix.lock": "hex",
    "package.resolved": "swift",
    "podfile.lock": "cocoapods",
}
_REQUIREMENTS = re.compile(r"^requirements[\w.-]*\.(txt|in|pip)$")
_PROJECTS = re.compile(r"\.(cs|vb|fs)proj$")


def manifest_system(path: str) -> str:
    """The purl type of what a lock file or manifest lists: "go.sum" is "golang"; "" if unknown."""
    name = path.replace("\\", "/").rsplit("/", 1)[-1].lower()
    if _REQUIREMENTS.match(name):
        return "pypi"
    if _PROJECTS.search(name):
        return "nuget"
    return _MANIFESTS.get(name, "")
