"""The user that the container runs as.

Sources: Docker's "Building best practices" (USER); Kubernetes' `runAsNonRoot`, which can check a
number only; Debian's useradd(8), BusyBox' adduser, for how each distribution makes one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from vigie.model.text import T, Text
from vigie.outlets.patches.editors.dockerfile.changes import Case, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.contents import context_text, sources_of
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction, listed
from vigie.outlets.patches.editors.dockerfile.rules._running import (
    is_run,
    place_at_end,
    ports_of,
    programs,
    running,
)
from vigie.outlets.patches.editors.dockerfile.stages import Stage

_ID = 10001
_NODE_ID = 1000  # the official Node images bring this one
_MAKE = {
    "deb": f"groupadd --gid {_ID} app && useradd --uid {_ID} --gid app --create-home app",
    "rpm": f"groupadd --gid {_ID} app && useradd --uid {_ID} --gid app --create-home app",
    "apk": f"addgroup -g {_ID} app && adduser -D -u {_ID} -G app app",
}
# Of the RPM distributions' images, those that bring useradd.
_HAVE_USERADD = listed(
    "fedora centos rockylinux almalinux registry.access.redhat.com/ubi8 "
    "registry.access.redhat.com/ubi9"
)
# These open devices, change users or write where only root may.
_NEED_ROOT = listed(
    "sshd cron crond supervisord systemd init nginx apache2 apache2ctl apache2-foreground httpd "
    "httpd-foreground dockerd containerd openvpn named dnsmasq postfix dovecot gosu su-exec "
    "runuser su setpriv chroot s6-svscan runit tailscaled iptables mysqld postgres haproxy "
    "php-fpm "
)
_ROOTISH = re.compile(r"\b(?:gosu|su-exec|setpriv|runuser|chown|useradd|adduser|apt-get|apk add|"
                      r"iptables|sysctl|mount)\b")  # fmt: skip
_USER_MADE = re.compile(r"\b(?:useradd|adduser)\b")
_ROOT_HOME = re.compile(r"(?:^|[\s=\"':])(?:/root\b|~/)|\bpip3? install [^&|;]*--user\b")
# Folders of the system that are not the application's to own.
_SYSTEM = listed(
    "/ /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run "
    "/sbin /srv /sys /tmp /usr /var /usr/local /usr/src /usr/bin /usr/lib "
    "/usr/share /usr/local/bin /usr/local/lib /var/lib /var/log"
)
_OWNABLE = re.compile(r"/[A-Za-z0-9._/-]+")


def _find(case: Case) -> Iterator[Outcome]:
    stage = case.final
    said = stage.last("USER")
    if said is not None and said.arguments.partition(":")[0].strip("\"'") not in ("root", "0"):
        return
    at = said if said is not None else stage.instructions[0]
    why = _why_not(case, stage)
    if why is not None:
        yield Remark(at.start, why)
        return
    yield _added(case, stage)


def _low_ports(case: Case) -> Iterator[Outcome]:
    """Said of the hardened file, too: there the user is set already."""
    stage = case.final
    said = stage.last("USER")
    if said is None or said.arguments.partition(":")[0].strip("\"'") in ("root", "0"):
        return
    low = tuple(port.number for port in ports_of(stage)[0] if port.number < 1024)
    if low:
        yield Remark(
            said.start,
            T(
                "port {ports} is below 1024: a user may open it in Docker 20.10 and later, and "
                "elsewhere only with NET_BIND_SERVICE",
                "ports {ports} are below 1024: a user may open them in Docker 20.10 and later, and "
                "elsewhere only with NET_BIND_SERVICE",
                ports=low,
                count=len(low),
            ),
        )


def _why_not(case: Case, stage: Stage) -> Text | None:
    base = stage.base
    if not case.posix or (base is not None and base.family == "windows"):
        return T("it runs as the base image's user; how to make another one there is not known")
    if base is not None and base.is_daemon and not base.starts_as_root:
        return T(
            "{program} begins as root and changes its user itself, or needs a variant of the "
            "image that does not",
            program=base.name,
        )
    if not is_run(stage):
        return T("it does not say what it runs, so others may build upon it: they set USER")
    if base is None or not base.starts_as_root:
        return T("whether the base image runs as root is not known; look, and set USER if it does")
    if base.family not in _MAKE and base.family != "scratch":
        return T("it runs as root; how the base image makes a user is not known")
    small = base.name not in _HAVE_USERADD or "minimal" in base.tag or "slim" in base.tag
    if base.family == "rpm" and small:
        return T("it runs as root; this base image has nothing that makes a user")
    return _needing_root(case, stage)


def _needing_root(case: Case, stage: Stage) -> Text | None:
    """Why what it runs, or what was made ready for it, belongs to root."""
    needing = sorted(programs(stage) & _NEED_ROOT)
    if needing:
        return T("{program} has to begin as root", program=needing[0])
    for one in stage.chain:
        text = case.file.text[one.start : one.end]
        if one.keyword == "RUN" and _USER_MADE.search(text):
            return T("a user is made here and not used: say USER with its number")
        if _ROOT_HOME.search(text):
            return T("it runs as root, and what it needs lies in root's home")
        if one.keyword == "VOLUME":
            return T("it runs as root; who owns what is in its VOLUME is settled outside")
    script = _script_of_root(case, stage)
    if script:
        return T("{program} does what only root may", program=script)
    return None


def _script_of_root(case: Case, stage: Stage) -> str:
    """A script among what runs that changes users or owners, "" for none."""
    home = stage.folder_before() or "/"
    for word in running(stage):
        if "/" not in word and not word.endswith(".sh"):
            continue
        text = context_text(case, stage, posixpath.normpath(posixpath.join(home, word)))
        if text is not None and text.startswith("#!") and _ROOTISH.search(text[:100_000]):
            return word
    return ""


def _added(case: Case, stage: Stage) -> Outcome:
    base = stage.base
    name, family = (base.name, base.family) if base is not None else ("", "")
    owned = [place for place in _folders(stage) if place != "/"]
    number = _NODE_ID if name == "node" else _ID
    steps = [_MAKE[family]] if name != "node" and family in _MAKE else []
    if owned and family != "scratch":
        steps.append(f"chown -R {number}:{number} {' '.join(owned)}")
    lines = (
        [f"RUN {(f' {case.file.escape}{case.file.newline}    && ').join(steps)}"] if steps else []
    )
    lines.append(f"USER {number}:{number}")
    reason = T("the container runs as a user without rights, given by number so that it can be "
               "checked; it owns the folders of the application")  # fmt: skip
    place = place_at_end(stage)
    if place is not None:
        return case.put_before(place, lines, reason)
    return case.put_behind(stage.instructions[-1], lines, reason)


def _folders(stage: Stage) -> list[str]:
    """The folders of the application: where it works, and what is copied outside of the system's
    own folders; a folder inside of another one is left out."""
    found: set[str] = set()
    home = stage.folder_before()
    if home is not None and any(one.keyword == "WORKDIR" for one in stage.chain):
        found.add(home)
    for one in stage.instructions:
        goal = _goal(stage, one)
        if goal:
            found.add(goal)
    own = sorted(place for place in found if _is_own(place))
    return [p for p in own if not any(p.startswith(other + "/") for other in own)]


def _is_own(place: str) -> bool:
    """Whether a folder is the application's, and not one of the system's."""
    if place in _SYSTEM or not _OWNABLE.fullmatch(place):
        return False
    return place.startswith("/usr/src/") or not place.startswith(("/etc/", "/usr/", "/lib/"))


def _goal(stage: Stage, one: Instruction) -> str:
    """The folder that a COPY fills, "" when it is a file or not known."""
    if one.keyword not in ("ADD", "COPY") or one.flag("chown") is not None:
        return ""
    sources, goal = sources_of(one)
    home = stage.folder_before(one)
    if not sources or not goal or "$" in goal or (home is None and not goal.startswith("/")):
        return ""
    whole = any(posixpath.normpath(s) == "." or s.endswith("/") for s in sources)
    if not whole and not goal.endswith("/"):
        return ""
    return posixpath.normpath(posixpath.join(home or "/", goal))


RULES = (
    Rule("user", frozenset({"DL3002"}), _find),
    Rule("low-ports", frozenset(), _low_ports),
)
