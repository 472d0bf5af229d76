"""Which folders an inventory leaves out, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Skip = Callable[[str], bool]
"""True for a folder, relative to the root with "/" between, that is not entered."""

_JAVASCRIPT = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml",
               "bun.lock", "bun.lockb")  # fmt: skip
_PYTHON = ("requirements.txt", "poetry.lock", "uv.lock", "Pipfile.lock", "pylock.toml", "pdm.lock")

# Folders of installed packages, and the lock files beside them that say it better: what a
# developer happens to have installed is not what the project asks for. Without a lock, what
# is installed is the only answer there is.
_INSTALLED = {
    "node_modules": _JAVASCRIPT,
    ".venv": _PYTHON,
    "venv": _PYTHON,
    "site-packages": (),
    "vendor": ("composer.lock", "Gemfile.lock", "go.mod", "Cargo.lock"),
}

_VIRTUAL = frozenset({"proc", "sys", "dev"})
# Of a running machine only where programs are installed: what lies in homes and in temporary
# or mounted folders is somebody's work, not the machine's own packages.
_OF_MACHINE = frozenset({"bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "opt", "etc",
                         "var", "srv"})  # fmt: skip
# Images and machines inside the machine, and what is only kept for later.
_INNER = frozenset({
    "var/lib/docker", "var/lib/containerd", "var/lib/containers", "var/lib/kubelet",
    "var/lib/lxc", "var/lib/lxd", "var/lib/libvirt", "var/lib/machines", "var/lib/snapd",
    "var/cache", "var/tmp", "var/log", "var/spool", "var/backups",
})  # fmt: skip


def skip_of_host(root: Path) -> Skip:
    """For a running machine ("/") or the root file system of another one."""
    running = root == Path(root.anchor)

    def skip(folder: str) -> bool:
        if "/" not in folder:
            return folder not in _OF_MACHINE if running else folder in _VIRTUAL
        return folder in _INNER

    return skip


def skip_of_project(root: Path, excluded: tuple[str, ...]) -> Skip:
    """For a folder of code. `excluded` are names of folders; those of installed packages are
    entered all the same where no lock file lies beside them."""
    names = frozenset(excluded)

    def skip(folder: str) -> bool:
        above, _, name = folder.rpartition("/")
        if name not in names:
            return False
        if name not in _INSTALLED:
            return True
        return any((root / above / lock).is_file() for lock in _INSTALLED[name])

    return skip
