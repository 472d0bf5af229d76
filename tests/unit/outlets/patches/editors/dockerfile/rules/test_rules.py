"""Each way of hardening by itself: what it changes, what it leaves and says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from vigie.outlets.patches.editors.dockerfile.editing import DockerfileEditor
from vigie.outlets.patches.editors.dockerfile.rules import RULES
from vigie.ports.patches import Edit, Upgrade

DIGEST = "sha256:" + "d" * 64
OTHER = "sha256:" + "e" * 64


def hardened(
    text: str,
    *only: str,
    files: Mapping[str, str] | None = None,
    upgrades: tuple[Upgrade, ...] = (),
) -> Edit:
    """The edit by these rules alone."""
    skip = {rule.name for rule in RULES} - set(only)
    assert len(skip) == len(RULES) - len(only), "there is no such rule"
    found = DockerfileEditor(skip).edit("Dockerfile", {**(files or {}), "Dockerfile": text}.get,
                                        upgrades)  # fmt: skip
    return next(iter(found), Edit("Dockerfile", text, text))


def said(edit: Edit) -> str:
    return "\n".join(map(str, edit.notes))


def up(kind: str, name: str, old: str, new: str) -> Upgrade:
    return Upgrade(kind, name, old, new)


CHANGES = [
    ("maintainer", 'MAINTAINER "A $B"', 'LABEL org.opencontainers.image.authors="A \\$B"'),
    ("repeated", 'CMD ["a"]\nENTRYPOINT ["x"]\nCMD ["b"]', 'ENTRYPOINT ["x"]\nCMD ["b"]'),
    ("copy", "ADD --chown=1:1 a.py b/ /x/", "COPY --chown=1:1 a.py b/ /x/"),
    ("copy", 'add ["a b", "/x"]', 'COPY ["a b", "/x"]'),
    ("exec-form", "CMD exec run 'a b' --port=1", 'CMD ["run", "a b", "--port=1"]'),
    ("sudo", "RUN a && sudo b", "RUN a && b"),
    (
        "workdir",
        "RUN cd /x && a\nRUN cd /y && b",
        "WORKDIR /x\nRUN a\nWORKDIR /\nWORKDIR /y\nRUN b\nWORKDIR /",
    ),
    (
        "workdir",
        "WORKDIR /x\nRUN cd y && a\nWORKDIR /z",
        "WORKDIR /x\nWORKDIR /x/y\nRUN a\nWORKDIR /z",
    ),
    (
        "pipefail",
        "# why\nRUN a | b\nRUN c | d\nCMD run",
        (
            'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n# why\nRUN a | b\nRUN c | d\n'
            'SHELL ["/bin/sh", "-c"]\nCMD run'
        ),
    ),
    ("apt-get", "RUN apt update && apt-cache x", "RUN apt-get update && apt-cache x"),
    (
        "assume-yes",
        "RUN apt-get install a && dnf install b",
        "RUN apt-get install -y a && dnf install -y b",
    ),
    (
        "no-recommends",
        "RUN apt-get install -y curl",
        ("RUN apt-get install --no-install-recommends -y curl ca-certificates"),
    ),
    ("no-recommends", "RUN apt-get install a # x", "RUN apt-get install a # x"),
    (
        "lists",
        "RUN apt-get update\nCOPY a b\nRUN apt-get install c\nRUN apt-get install d; e",
        (
            "COPY a b\nRUN apt-get update && apt-get install c \\\n    && rm "
            "-rf /var/lib/apt/lists/*\n"
            "RUN apt-get update && apt-get install d; e \\\n    && rm -rf /var/lib/apt/lists/*"
        ),
    ),
    ("apk-cache", "RUN apk update\nRUN apk -U add a", "RUN apk -U add --no-cache a"),
    (
        "rpm-cache",
        "RUN yum install -y a\nRUN microdnf install b && microdnf clean all",
        (
            "RUN yum install -y a \\\n    && yum clean all\nRUN microdnf "
            "install b && microdnf clean all"
        ),
    ),
    (
        "pip-cache",
        "RUN python3 -m pip install a && pip3.11 install b",
        "RUN python3 -m pip install --no-cache-dir a && pip3.11 install --no-cache-dir b",
    ),
    (
        "secrets",
        "ARG TOKEN\nRUN --network=host a $TOKEN && b",
        (
            'RUN --network=host --mount=type=secret,id=TOKEN TOKEN="$(cat /run/secrets/TOKEN)" '
            "&& export TOKEN && a $TOKEN && b"
        ),
    ),
    (
        "health",
        'EXPOSE 80 81\nCMD ["a", "-p", "81"]',
        (
            "EXPOSE 80 81\nHEALTHCHECK --interval=30s --timeout=5s "
            "--start-period=30s --retries=3 \\\n"
            '    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/81"]\nCMD ["a", "-p", "81"]'
        ),
    ),
    (
        "user",
        'CMD ["a"]\nWORKDIR /srv/a\nCOPY x /opt/b/',
        (
            'CMD ["a"]\nWORKDIR /srv/a\nCOPY x /opt/b/\nRUN groupadd --gid '
            "10001 app && useradd --uid 10001 "
            "--gid app --create-home app \\\n    && chown -R 10001:10001 "
            "/opt/b /srv/a\nUSER 10001:10001"
        ),
    ),
]


@pytest.mark.parametrize(("rule", "before", "after"), CHANGES)
def test_what_a_rule_changes(rule: str, before: str, after: str) -> None:
    edit = hardened(f"FROM debian:12\n{before}\n", rule)
    assert edit.after == f"FROM debian:12\n{after}\n"
    if before != after:
        assert f"[{rule}]" in said(edit)
        assert "left as it is" not in said(edit)


LEFT = [
    ("copy", "ADD a.tar.gz /x/", ""),
    ("copy", "ADD --checksum=sha256:1 https://e.example/a /a", ""),
    ("copy", "ADD https://e.example/a /a", "not checked"),
    ("copy", "ADD $SRC /a", ""),
    ("exec-form", "CMD run $HOME", "only a shell"),
    ("exec-form", "CMD cd /x && run", "only a shell"),
    ("exec-form", "CMD ./start.sh", "not known whether ./start.sh"),
    ("exec-form", 'ENTRYPOINT ["/e"]\nCMD run', "with a shell around it"),
    ("exec-form", "ENTRYPOINT run\nCMD more", "which it does not now"),
    ("sudo", "USER 5\nRUN sudo b", "sudo is not needed"),
    ("sudo", "RUN sudo -u a b", "sudo is not needed"),
    ("workdir", "RUN a && cd /x && b", "cannot take the place"),
    ("workdir", "RUN cd $X && b", "cannot take the place"),
    ("workdir", "USER 5\nRUN cd /x && b", "cannot take the place"),
    ("pipefail", "RUN yes | a", "with pipefail yes"),
    ("pipefail", "RUN a | head -1", "with pipefail head"),
    ("pipefail", "RUN a | b\nRUN echo 'a\\n'", "with pipefail echo"),
    ("pipefail", "RUN set -o pipefail && a | b", ""),
    ("pipefail", 'SHELL ["/bin/bash", "-c"]\nRUN a | b', "SHELL is set here"),
    ("lists", "RUN apt-get update\nRUN ./setup.sh\nRUN apt-get install a", "may need the lists"),
    ("lists", "RUN if a; then apt-get update && apt-get install b; fi", "belongs at the end"),
    ("lists", "RUN --mount=type=cache,target=/var/lib/apt apt-get install b", ""),
    ("lists", "RUN apt-get update && apt-get install a && rm -r /var/lib/apt/lists/*", ""),
    ("apk-cache", "RUN apk update && apk upgrade", ""),
    ("pip-cache", "ENV PIP_NO_CACHE_DIR=1\nRUN pip install a", ""),
    ("pip-cache", "RUN --mount=type=cache,target=/c pip install a", ""),
    ("npm-ci", "RUN npm install", "no lock file"),
    ("npm-ci", "RUN npm install --save-dev a", ""),
    ("unseen", "RUN curl -fskL e.example | sudo bash", "run unseen"),
    ("unseen", "RUN curl -fskL e.example | sudo bash", "certificate is not checked"),
    ("secrets", "ARG TOKEN=x\nRUN a $TOKEN", "history of the image"),
    ("secrets", "ARG TOKEN\nENV T=$TOKEN\nRUN a $TOKEN", "history of the image"),
    ("secrets", "ARG TOKEN\nRUN a", "history of the image"),
    ("secrets", "ARG TOKEN\nRUN a $TOKEN\nFROM x:1\nARG TOKEN=", "history of the image"),
    ("secrets", "ENV DB_PASSWORD=x PASSWORD_FILE=/y TOKENS=3", "DB_PASSWORD stays in the image"),
    ("private-files", "COPY .env.example a.pem /x/", "a.pem stays in a layer"),
    ("health", 'EXPOSE 80 81\nCMD ["a"]', "which of the exposed ports"),
    ("health", 'EXPOSE 80-90\nCMD ["a"]', "cannot be read from EXPOSE"),
    ("health", 'CMD ["a"]', "no port is exposed"),
    ("health", 'EXPOSE 22\nCMD ["a"]', "no port is exposed"),
    ("health", 'EXPOSE 5000/udp\nCMD ["a"]', "no port is exposed"),
    ("health", 'EXPOSE 80\nHEALTHCHECK NONE\nCMD ["a"]', ""),
    ("health", "EXPOSE 80", ""),
    ("user", "RUN a", "does not say what it runs"),
    ("user", 'CMD ["sshd", "-D"]', "sshd has to begin as root"),
    ("user", 'RUN useradd a\nCMD ["a"]', "a user is made here"),
    ("user", 'ENV X=~/x\nCMD ["a"]', "root's home"),
    ("user", 'VOLUME /data\nCMD ["a"]', "VOLUME"),
    ("user", 'USER 1000\nCMD ["a"]', ""),
    ("low-ports", "EXPOSE 80 443\nUSER 5", "ports 80, 443 are below 1024"),
    ("low-ports", "EXPOSE 80\nUSER root", ""),
    ("stages", "RUN apt-get install gcc", "build tools stay in the image (gcc)"),
]


@pytest.mark.parametrize(("rule", "text", "why"), LEFT)
def test_what_a_rule_leaves_and_says(rule: str, text: str, why: str) -> None:
    edit = hardened(f"FROM debian:12\n{text}\n", rule)
    assert edit.after == edit.before
    if why:
        assert "left as it is" in said(edit)
        assert why in said(edit)
    else:
        assert said(edit) == ""


@pytest.mark.parametrize(
    ("base", "why"),
    [("nginx:1.27", "nginx begins as root"), ("corp.example/base:1", "is not known"),
     ("amazonlinux:2023", "nothing that makes a user"), ("ubuntu:22.04", ""),
     ("registry.access.redhat.com/ubi9-minimal:9.4", "nothing that makes a user"),
     ("php:8.3-apache", "php begins as root")],
)  # fmt: skip
def test_who_runs_the_container_of_which_base(base: str, why: str) -> None:
    edit = hardened(f'FROM {base}\nCMD ["a"]\n', "user")
    assert ("USER 10001:10001" in edit.after) is not bool(why)
    assert why in said(edit)


@pytest.mark.parametrize(
    ("base", "lines"),
    [("node:20", 'USER 1000:1000\nCMD ["a"]'), ("scratch", 'USER 10001:10001\nCMD ["a"]'),
     ("alpine:3", ("RUN addgroup -g 10001 app && adduser -D -u 10001 -G app app\nUSER 10001:10001\n"
                  'CMD ["a"]'))],
)  # fmt: skip
def test_the_user_is_made_as_the_distribution_does(base: str, lines: str) -> None:
    assert hardened(f'FROM {base}\nCMD ["a"]\n', "user").after == f"FROM {base}\n{lines}\n"


def test_a_folder_inside_another_is_not_given_twice() -> None:
    text = 'FROM node:20\nWORKDIR /srv/a/b\nCOPY . /srv/a/\nCOPY x /usr/share/x/\nCMD ["a"]\n'
    assert "RUN chown -R 1000:1000 /srv/a\n" in hardened(text, "user").after


def test_a_script_that_changes_owners_stays_root() -> None:
    text = 'FROM debian:12\nCOPY run.sh /run.sh\nENTRYPOINT ["/run.sh"]\n'
    edit = hardened(text, "user", files={"run.sh": '#!/bin/sh\nchown -R a /data\nexec "$@"\n'})
    assert "/run.sh does what only root may" in said(edit)


def test_a_script_that_says_its_shell_runs_without_one() -> None:
    text = "FROM debian:12\nWORKDIR /srv\nCOPY a/ ./\nCMD ./b/start.sh now\n"
    edit = hardened(text, "exec-form", files={"a/b/start.sh": "#!/bin/sh\n"})
    assert 'CMD ["./b/start.sh", "now"]' in edit.after
    edit = hardened(text, "exec-form", files={"a/b/start.sh": "echo\n"})
    assert "does not say which shell" in said(edit)


PACKAGE = '{"dependencies": {"a": "1"}}'
LOCK = '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}}}'


@pytest.mark.parametrize(
    ("copy", "files", "after"),
    [
        ("COPY package*.json ./", {"package.json": PACKAGE, "package-lock.json": LOCK}, "npm ci"),
        ("COPY web ./", {"web/package.json": PACKAGE, "web/package-lock.json": LOCK}, "npm ci"),
        ("COPY web /x", {"web/package.json": PACKAGE, "web/package-lock.json": LOCK},
         "npm install"),
        ("COPY . .", {"package.json": '{"dependencies": {"a": "2"}}', "package-lock.json": LOCK},
         "npm install"),
        ("COPY package*.json /x/", {"package.json": PACKAGE, "package-lock.json": LOCK},
         "npm install"),
        ("COPY package.json ./", {"package.json": PACKAGE, "package-lock.json": LOCK},
         "npm install"),
        ("COPY . .", {"package.json": "{", "package-lock.json": LOCK}, "npm install"),
    ],
)  # fmt: skip
def test_npm_ci_where_the_lock_is_there_and_agrees(
    copy: str, files: Mapping[str, str], after: str
) -> None:
    text = f"FROM node:20\nWORKDIR /srv/web\n{copy}\nRUN npm install --omit=dev\n"
    edit = hardened(text, "npm-ci", files=files)
    assert f"RUN {after} --omit=dev" in edit.after


@pytest.mark.parametrize(
    ("line", "upgrade", "after"),
    [
        ("FROM x:1", up("docker", "x", "1", "2"), "FROM x:2"),
        ("FROM x", up("oci", "docker.io/library/x", "latest", DIGEST), f"FROM x@{DIGEST}"),
        ("FROM --platform=a x:1 AS b", up("docker", "x", "1", f"2@{DIGEST}"),
         f"FROM --platform=a x:2@{DIGEST} AS b"),
        (f"FROM x:1@{OTHER}", up("docker", "x", "1", f"1@{DIGEST}"), f"FROM x:1@{DIGEST}"),
        ("FROM r.example:5000/x:1", up("docker", "r.example:5000/x", "", "2"),
         "FROM r.example:5000/x:2"),
        ("FROM x:1", up("docker", "x", "1", DIGEST), f"FROM x:1@{DIGEST}"),
        ("FROM x:1", up("docker", "x", "3", "4"), None),
        ("FROM x:1", up("docker", "y", "1", "4"), None),
        ("ARG V=1\nFROM x:$V", up("docker", "x", "1", "2"), None),
    ],
)  # fmt: skip
def test_the_base_goes_where_the_caller_says(
    line: str, upgrade: Upgrade, after: str | None
) -> None:
    edit = hardened(f"{line}\nCMD a\n", "base", upgrades=(upgrade,))
    assert edit.after == f"{after or line}\nCMD a\n"
    assert bool(edit.done) is (after is not None)
    again = hardened(edit.after, "base", upgrades=(upgrade,))
    assert again.after == edit.after


@pytest.mark.parametrize(
    ("text", "upgrade", "after"),
    [
        (
            "RUN apt-get install -y a b:amd64 c=1",
            up("deb", "b", "", "2:1~x+y"),
            "b:amd64=2:1~x+y c=1",
        ),
        ("RUN apt-get install -y a=1", up("deb", "a", "1", "2"), "a=2"),
        ("RUN apk add -t .x a", up("apk", "a", "1", "2-r0"), "a=2-r0"),
        ("RUN dnf install -y a", up("rpm", "a", "1", "0:2-3.el9"), "a-2-3.el9"),
        ("RUN dnf install -y a-b-1-1.el9", up("rpm", "a-b", "1-1.el9", "2-1.el9"), "a-b-2-1.el9"),
        ("RUN zypper in -y a", up("rpm", "a", "1", "2"), "a=2"),
    ],
)
def test_system_packages_go_to_what_mends_them(text: str, upgrade: Upgrade, after: str) -> None:
    edit = hardened(f"FROM x:1\n{text}\n", "pins", upgrades=(upgrade,))
    assert edit.after.rstrip().endswith(after)
    assert edit.done == (upgrade,)
    again = hardened(edit.after, "pins", upgrades=(upgrade,))
    assert (again.after, again.done) == (edit.after, (upgrade,))


def test_other_versions_and_packages_of_the_base_are_left_with_the_reason() -> None:
    ups = (up("deb", "a", "3", "4"), up("deb", "libc6", "1", "2"), up("apk", "musl", "1", "2"))
    edit = hardened("FROM debian:12\nRUN apt-get install a=1 $B ./c.deb d\n", "pins", upgrades=ups)
    assert edit.after == edit.before
    assert {one.upgrade.name: str(one.reason) for one in edit.left} == {
        "a": "1 is asked for here, not 3",
        "libc6": "libc6 is not installed by name here; it comes with the base image",
    }
    assert "no version is known for d;" in said(edit)


def test_packages_of_languages() -> None:
    ups = (up("pypi", "Flask", "1.0", "2.2.5"), up("npm", "@a/b", "1.0.0", "1.0.1"))
    text = (
        "FROM x:1\nRUN pip install 'flask[async]==1.0' -r r.txt six\nRUN npm i -g @a/b@1.0.0 ./c\n"
    )
    edit = hardened(text, "app-pins", upgrades=ups)
    assert edit.after == (
        "FROM x:1\nRUN pip install 'flask[async]==2.2.5' -r r.txt "
        "six\nRUN npm i -g @a/b@1.0.1 ./c\n"
    )
    assert set(edit.done) == set(ups)
    assert "no version is known for six;" in said(edit)


def test_everything_copied_names_what_is_private_unless_it_is_ignored() -> None:
    files = {".env": "A=1", ".git/HEAD": "ref", ".npmrc": "x"}
    text = "FROM x:1\nCOPY . /srv\n"
    assert "this copies .env, .npmrc, .git into" in said(
        hardened(text, "private-files", files=files)
    )
    ignored = {**files, ".dockerignore": "# x\n**/.env\n.git/\n.npm*\n!.npmrc\n"}
    assert "this copies .npmrc into" in said(hardened(text, "private-files", files=ignored))


@pytest.mark.parametrize(
    ("text", "files", "why"),
    [
        ("FROM node:20\nWORKDIR /a\nCOPY . .\nRUN npm ci\n", {"package-lock.json": LOCK}, ""),
        ("FROM node:20\nWORKDIR /a\nCOPY . .\nRUN npm ci\n", {}, "without a package-lock.json"),
        ("FROM node:20\nWORKDIR /a\nCOPY . .\nRUN npm ci\n",
         {"package-lock.json": ('{"packages": {"x": {"hasInstallScript": '
'true}}}')}, "a package is built"),
        ("FROM node:lts\nWORKDIR /a\nCOPY . .\nRUN npm ci\n", {}, "its tag does not say"),
        (f"FROM node:20@{DIGEST}\nWORKDIR /a\nCOPY . .\n", {}, "its tag does not say"),
        ("FROM node:20\nCOPY . .\nRUN npm ci\n", {}, "without a WORKDIR"),
        ("FROM node:20\nWORKDIR /a\nRUN apt-get update\n", {}, "more than building in /a"),
        ("FROM node:20\nWORKDIR /a\nRUN npm install -g x\n", {}, "more than building in /a"),
        ("FROM node:20\nWORKDIR /a\nCOPY x /etc/x\n", {}, "out of /a"),
        ("FROM node:20\nWORKDIR /a\nUSER 5\n", {}, "USER would have to be split"),
        ("FROM node:20-slim\nWORKDIR /a\n", {}, None),
    ],
)  # fmt: skip
def test_two_stages_only_where_that_is_right(
    text: str, files: Mapping[str, str], why: str | None
) -> None:
    edit = hardened(f'{text}CMD ["node", "x"]\n', "stages", files=files)
    assert ("FROM node:20-slim" in edit.after.removeprefix(text)) is (why == "")
    if why:
        assert why in said(edit)
    if why is None:
        assert said(edit) == ""


@pytest.mark.parametrize(
    ("base", "extra", "why"),
    [("golang:1.22-bookworm", "ENV CGO_ENABLED=0\n", ""),
     ("golang:1.22-bookworm", "", "CGO_ENABLED=0"),
     ("golang:1.22-alpine3.19", "", ""), ("golang:1.22", "", "its tag does not say")],
)  # fmt: skip
def test_go_leaves_its_compiler_behind(base: str, extra: str, why: str) -> None:
    text = f'FROM {base}\nWORKDIR /a\nCOPY . .\n{extra}RUN go build -o /a/x .\nCMD ["/a/x"]\n'
    edit = hardened(text, "stages")
    assert (edit.after != text) is (why == "")
    assert why in said(edit)


def test_rust_is_split_only_without_libraries_of_c() -> None:
    text = 'FROM rust:1.79-bookworm\nWORKDIR /a\nCOPY . .\nRUN cargo build -r\nCMD ["/a/x"]\n'
    lock = '[[package]]\nname = "openssl-sys"\n'
    assert "openssl-sys links it" in said(hardened(text, "stages", files={"Cargo.lock": lock}))
    lock = '[[package]]\nname = "linux-raw-sys"\n'
    assert "FROM debian:bookworm-slim" in hardened(text, "stages", files={"Cargo.lock": lock}).after


def test_what_is_switched_off_stays() -> None:
    text = "FROM x:1\n# hadolint ignore=DL3020\nADD a b\n# vigie ignore=copy\nADD c d\nADD e f\n"
    assert hardened(text, "copy").after == text.replace("ADD e", "COPY e")
    assert hardened("# vigie global ignore=copy\n" + text, "copy").after.endswith("ADD e f\n")
    skipping = DockerfileEditor(["DL3020"])
    [edit] = skipping.edit("Dockerfile", {"Dockerfile": text}.get, ())
    assert edit.after == text


def test_lines_are_those_of_the_file_as_it_was() -> None:
    text = "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y a\nADD x /y\n"
    notes = said(hardened(text, "lists", "copy"))
    assert "Dockerfile:4: COPY does nothing but copy" in notes
    assert "Dockerfile:2: the lists of packages are fetched" in notes
