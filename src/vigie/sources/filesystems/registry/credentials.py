"""Who we are to a registry, as the docker configuration says it.

Sources: docker CLI reference, "docker login", "Credential stores" and "Credential helpers";
docker-credential-helpers' protocol. The configuration lies in `$DOCKER_CONFIG` or `~/.docker`.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.sources.filesystems.registry.references import DEFAULT_REGISTRY

_HUB_KEY = "https://index.docker.io/v1/"  # what docker login calls its default registry
_IDENTITY = "<token>"  # the user name under which a helper keeps an identity token
_MOST = 8 * 1024**2
_PATIENCE = 30  # seconds for a helper, which may ask a keyring
_HELPER = re.compile(r"[A-Za-z0-9._-]+\Z")
_NOT_FOUND = ("credentials not found", "no credentials server url", "no credentials username")


@dataclass(frozen=True, slots=True)
class Credentials:
    """User and password, or an identity token to get a token with, or that token itself.

    All "" is nobody. `trouble` says why there are none when there should be. Never shown.
    """

    user: str = ""
    password: str = ""
    identity: str = ""
    token: str = ""
    trouble: Text | None = None

    def __repr__(self) -> str:
        return "Credentials(…)" if self.user or self.identity or self.token else "Credentials()"

    @property
    def basic(self) -> str:
        """The header for basic authentication; "" without a user."""
        if not self.user:
            return ""
        pair = f"{self.user}:{self.password}".encode()
        return "Basic " + base64.b64encode(pair).decode("ascii")


class _Auth(msgspec.Struct):
    auth: str = ""
    username: str = ""
    password: str = ""
    identitytoken: str = ""
    registrytoken: str = ""


class _Config(msgspec.Struct):
    auths: dict[str, _Auth] = {}
    credsStore: str = ""  # noqa: N815 - docker's own name
    credHelpers: dict[str, str] = {}  # noqa: N815


class _Answer(msgspec.Struct):
    Username: str = ""
    Secret: str = ""


def find_credentials(registry: str) -> Credentials:
    """The credentials for a registry ("docker.io", "ghcr.io", "localhost:5000").

    A helper for this registry comes first, then the store for all, then the file itself.
    Raises UserError when the configuration cannot be read.
    """
    config = _read_config()
    key = _HUB_KEY if registry == DEFAULT_REGISTRY else registry
    helper = config.credHelpers.get(key) or config.credHelpers.get(registry) or config.credsStore
    asked = _ask(helper, key) if helper else None
    if asked is not None and asked.trouble is None:
        return asked
    return _stored(config, key) or asked or Credentials()


def _read_config() -> _Config:
    folder = os.environ.get("DOCKER_CONFIG") or "~/.docker"
    path = Path(folder).expanduser() / "config.json"
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MOST), type=_Config)
    except (FileNotFoundError, NotADirectoryError):
        return _Config()
    except OSError as error:
        why = error.strerror or ""
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        why = str(error)
    raise UserError(
        T("the docker configuration {name} cannot be read: {why}", name=str(path), why=why),
        T("Mend it, or name another folder in DOCKER_CONFIG."),
    )


def _stored(config: _Config, key: str) -> Credentials | None:
    """What stands in the file under this registry, however its name is written there."""
    host = _host(key)
    entries = [config.auths[key]] if key in config.auths else []
    entries += [auth for name, auth in config.auths.items() if _host(name) == host]
    for entry in entries:
        user, password = _pair(entry)
        if user or entry.identitytoken or entry.registrytoken:
            return Credentials(user, password, entry.identitytoken, entry.registrytoken)
    return None


def _pair(entry: _Auth) -> tuple[str, str]:
    if not entry.auth:
        return entry.username, entry.password
    try:
        text = base64.b64decode(entry.auth, validate=False).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    user, _, password = text.partition(":")
    return user, password.strip("\0")


def _host(key: str) -> str:
    """ "https://host:5000/v1/" is "host:5000"."""
    return key.partition("://")[2].partition("/")[0] if "://" in key else key.partition("/")[0]


def _ask(helper: str, key: str) -> Credentials | None:
    """What a helper knows of a registry, None when it knows nothing."""
    program = shutil.which(f"docker-credential-{helper}") if _HELPER.match(helper) else None
    if program is None:
        return _trouble(helper, T("it is not installed"))
    try:
        done = subprocess.run(
            [program, "get"],
            input=key.encode(),
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _trouble(helper, T("no answer"))
    except OSError as error:
        return _trouble(helper, T("{why}", why=error.strerror or ""))
    said = done.stdout[:_MOST]
    if done.returncode:
        if any(words in said.decode("utf-8", "replace").lower() for words in _NOT_FOUND):
            return None
        return _trouble(helper, T("it ended with {code}", code=done.returncode))
    try:
        answer = msgspec.json.decode(said, type=_Answer)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _trouble(helper, T("its answer cannot be read"))
    if answer.Username == _IDENTITY:
        return Credentials(identity=answer.Secret)
    return Credentials(answer.Username, answer.Secret) if answer.Username else None


def _trouble(helper: str, why: Text) -> Credentials:
    message = T("the credential helper {name} gave nothing: {why}", name=helper[:100], why=why)
    return Credentials(trouble=message)
