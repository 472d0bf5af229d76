"""What a server may be asked to scan.

People of a tenant name targets that this machine then looks at. So only that is looked at which
whoever runs the machine allows: images of registries, services that may be called, and folders
below those that the settings name. Links are followed before they are compared. Of anything else
nobody learns here whether it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.scanners import Target
from vigie.services.platform import Platform
from vigie.services.targets import resolve_target
from vigie.sources.filesystems.registry.references import DEFAULT_REGISTRY, parse_reference

_LONGEST = 2048
_PORTS = {"http": 80, "https": 443}
_IMAGE = "image:"


@dataclass(frozen=True, slots=True)
class ScanRules:
    """What this machine may be asked to look at. `folders` are those below which files may be
    scanned ("/" allows the machine itself); `scanners` is where Vigie's own scanners lie, None
    for the usual place; `offline` as in `ScanOptions`; `machine_login` lets the registry logins of
    this machine serve every tenant."""

    folders: tuple[Path, ...] = ()
    scanners: Path | None = None
    offline: bool = False
    timeout: float = 1800.0
    machine_login: bool = False


def allowed_target(platform: Platform, text: str, rules: ScanRules) -> Target:
    """The target that somebody named, if it may be scanned from here. Raises UserError."""
    check_target(platform, text, rules)
    if "://" in text:
        return resolve_target(text)
    if _is_path(text):
        return resolve_target(str(Path(text).resolve()))
    # Never what lies in the folder that this process happens to run in.
    return resolve_target(_IMAGE + text.removeprefix(_IMAGE))


def check_target(
    platform: Platform, text: str, rules: ScanRules, seconds: float | None = None
) -> None:
    """Raises UserError for what may not be scanned from here, SourceError when a name cannot be
    looked up, or not within so many seconds. Of what is not allowed it does not tell whether it
    exists."""
    if not text or len(text) > _LONGEST or "\0" in text:
        raise UserError(
            T("{target} is no target", target=text[:100]),
            T("Name an image, a service or a folder."),
        )
    if "://" in text:
        _check_service(platform, text, seconds)
    elif _is_path(text):
        _check_folder(Path(text), text, rules)
    else:
        _check_image(platform, text, seconds)


def _is_path(text: str) -> bool:
    return text.startswith(("/", ".", "~")) or "\\" in text or Path(text).is_absolute()


def _check_image(platform: Platform, text: str, seconds: float | None) -> None:
    name = text.removeprefix(_IMAGE)
    try:
        resolve_target(_IMAGE + name)
        reference = parse_reference(name)
        place = urlsplit(f"//{reference.registry}")
        host, port = place.hostname or "", place.port or _PORTS["https"]
    except (UserError, ValueError):
        raise _refused(text) from None
    if name == text and not (reference.digest or ":" in text.rpartition("/")[2]):
        raise _refused(text)  # as likely a folder as an image
    if reference.registry != DEFAULT_REGISTRY:
        platform.outbound.allows(host, port, seconds)


def _check_service(platform: Platform, text: str, seconds: float | None) -> None:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise _refused(text) from None
    if not host or parts.scheme not in _PORTS:
        raise _refused(text)
    platform.outbound.allows(host, port, seconds)


def _check_folder(path: Path, text: str, rules: ScanRules) -> None:
    """Raises UserError unless the path, its links followed, lies below an allowed folder."""
    try:
        real = path.resolve()
        inside = any(real.is_relative_to(folder.resolve()) for folder in rules.folders)
    except (OSError, RuntimeError, ValueError):
        raise _refused(text) from None
    if not path.is_absolute() or not inside:
        raise _refused(text)


def _refused(text: str) -> UserError:
    return UserError(
        T("{target} may not be scanned from this server", target=text[:200]),
        T("Name an image, or have the folder added to VIGIE_SCAN_FOLDERS; or scan it where it "
          "lies with vigie scan --push."),
    )  # fmt: skip
