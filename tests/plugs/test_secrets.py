"""The behaviour of the port for secrets, over every backend there is and one of a third party."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import vigie
from vigie.model.errors import SourceError, UserError, VigieError
from vigie.ports.secrets import (
    LARGEST,
    BackendPlug,
    Home,
    SecretBackend,
    SecretInfo,
    SecretRef,
    SecretValue,
    check_tenant,
)
from vigie.wiring import plugs
from vigie.wiring.plugs import SECRETS, Plugs

PLUGS = Plugs(SECRETS)
NAMES = [*PLUGS, "third-party"]
every_backend = pytest.mark.parametrize("name", NAMES)

VALUE = "xoxb-4711-Ünïcode-and spaces"
ACME, GLOBEX = "acme", "0190f3a2-7c4b-7abc-8def-0123456789ab"
STOCK = {
    SecretRef("slack-token"): VALUE,
    SecretRef("slack-token", ACME): "acme's own token",
    SecretRef("slack-token", GLOBEX): "the token of globex",
    SecretRef("only.platform"): "for nobody else",
    SecretRef("only-acme", ACME): "for acme alone",
    SecretRef("tls_key"): "-----BEGIN KEY-----\nMC4CAQAwBQYDK2Vw\n-----END KEY-----",
}


@dataclass
class VaultOfOthers:
    """A third party's backend: keeps versions in a list, and may be out of reach."""

    kept: dict[SecretRef, list[str]] = field(default_factory=dict)
    reachable: bool = True
    name: str = "third-party"
    writable: bool = True

    def _list(self, ref: SecretRef) -> list[str]:
        if not self.reachable:
            raise SourceError(f"the vault with {ref.name} is sealed", retryable=True)
        return self.kept.get(SecretRef(ref.name, ref.tenant), [])

    def get(self, ref: SecretRef, /) -> SecretValue | None:
        numbered = dict(enumerate(self._list(ref), 1))
        found = numbered.get(ref.version or len(numbered))
        return SecretValue(found) if found else None

    def names(self, tenant: str, /) -> list[SecretInfo]:
        check_tenant(tenant)
        refs = sorted((ref for ref in self.kept if ref.tenant == tenant), key=lambda r: r.name)
        return [self.versions(ref)[0] for ref in refs]

    def versions(self, ref: SecretRef, /) -> list[SecretInfo]:
        numbers = range(len(self._list(ref)), 0, -1)
        found = [SecretInfo(ref.name, ref.tenant, n, backend=self.name) for n in numbers]
        return [info for info in found if ref.version in (0, info.version)]

    def put(self, ref: SecretRef, value: SecretValue, /) -> SecretInfo:
        if not 0 < len(value.reveal().encode()) <= LARGEST:
            raise UserError("that cannot be kept")
        key = SecretRef(ref.name, ref.tenant)
        self.kept.setdefault(key, []).append(value.reveal())
        return self.versions(key)[0]

    def remove(self, ref: SecretRef, /) -> bool:
        there = self._list(ref)
        if ref.version and ref.version == len(there) > 1:
            raise UserError("the newest is not removed alone")
        if ref.version:
            return False
        return bool(self.kept.pop(SecretRef(ref.name, ref.tenant), None))


OTHERS = BackendPlug("third-party", "A vault of others", lambda _: VaultOfOthers(), writable=True)


class Others:
    """How the third party's backend is stocked and spoiled."""

    @staticmethod
    def stock(folder: Path, secrets: Mapping[SecretRef, str]) -> dict[str, str]:
        return {}

    @staticmethod
    def open(secrets: Mapping[SecretRef, str]) -> SecretBackend:
        return VaultOfOthers({ref: [value] for ref, value in secrets.items()})


def samples_of(name: str) -> ModuleType:
    return importlib.import_module(f"tests.plugs.secret_samples.{name.replace('-', '_')}")


def plug_of(name: str) -> BackendPlug:
    found: BackendPlug = OTHERS if name == "third-party" else PLUGS[name]
    return found


def backend(name: str, folder: Path, secrets: Mapping[SecretRef, str]) -> SecretBackend:
    if name == "third-party":
        return Others.open(secrets)
    return plug_of(name).open(Home(folder, samples_of(name).stock(folder, secrets)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def stocked(name: str, folder: Path) -> SecretBackend:
    return backend(name, folder, STOCK)


def value_of(found: SecretValue | None) -> str | None:
    return None if found is None else found.reveal()


@every_backend
def test_a_backend_says_what_it_is(name: str, folder: Path) -> None:
    plug = plug_of(name)
    opened = plug.open(Home(folder, {}))
    assert (plug.name, opened.name) == (name, name)
    assert plug.label
    assert plug.writable == opened.writable


@every_backend
def test_opening_and_asking_make_nothing(name: str, folder: Path) -> None:
    opened = plug_of(name).open(Home(folder, {"VIGIE_SECRETS_DIR": str(folder / "mount")}))
    assert opened.get(SecretRef("slack-token")) is None
    assert list(opened.names("")) == []
    assert list(opened.versions(SecretRef("slack-token"))) == []
    assert not folder.exists()


@every_backend
def test_it_gives_what_was_put_and_none_for_what_was_not(name: str, stocked: SecretBackend) -> None:
    assert {ref: value_of(stocked.get(ref)) for ref in STOCK} == STOCK
    assert stocked.get(SecretRef("slack")) is None
    assert stocked.get(SecretRef("slack-token-2")) is None
    assert stocked.get(SecretRef("slack-token", "nobody")) is None
    assert stocked.get(SecretRef("slack-token", version=9)) is None


@every_backend
def test_a_tenant_reaches_nobody_elses(name: str, stocked: SecretBackend) -> None:
    for tenant in ("", ACME, GLOBEX, "nobody"):
        for ref in STOCK:
            found = value_of(stocked.get(SecretRef(ref.name, tenant)))
            assert found == STOCK.get(SecretRef(ref.name, tenant))
            assert bool(stocked.versions(SecretRef(ref.name, tenant))) == (found is not None)


@every_backend
def test_it_lists_what_can_be_asked_for_and_no_value(name: str, stocked: SecretBackend) -> None:
    for tenant in ("", ACME, GLOBEX, "nobody"):
        listed = list(stocked.names(tenant))
        assert [info.name for info in listed] == sorted(info.name for info in listed)
        mine = {ref: value for ref, value in STOCK.items() if ref.tenant == tenant}
        assert sorted(
            value_of(stocked.get(SecretRef(info.name, tenant, info.version))) or ""
            for info in listed
        ) == sorted(mine.values())
        assert {(info.tenant, info.backend) for info in listed} <= {(tenant, name)}
        assert not any(value in repr(listed) for value in STOCK.values())
    with pytest.raises(UserError):
        stocked.names("../acme")


@every_backend
def test_it_writes_or_says_that_it_does_not(name: str, stocked: SecretBackend) -> None:
    ref = SecretRef("fresh", ACME)
    if not stocked.writable:
        for attempt in (
            lambda: stocked.put(ref, SecretValue(VALUE)),
            lambda: stocked.remove(SecretRef("slack-token")),
        ):
            with pytest.raises(UserError) as refused:
                attempt()
            assert VALUE not in str(refused.value)
        assert value_of(stocked.get(SecretRef("slack-token"))) == VALUE
        return
    assert stocked.put(ref, SecretValue("first")).version == 1
    assert stocked.put(SecretRef("fresh", ACME, 1), SecretValue("second")).version == 2
    assert value_of(stocked.get(ref)) == "second"
    assert value_of(stocked.get(SecretRef("fresh", ACME, 1))) == "first"
    assert [info.version for info in stocked.versions(ref)] == [2, 1]
    assert [info.version for info in stocked.names(ACME) if info.name == "fresh"] == [2]
    with pytest.raises(UserError):
        stocked.remove(SecretRef("fresh", ACME, 2))  # its number would be given out again
    assert not stocked.remove(SecretRef("fresh", GLOBEX))
    assert stocked.remove(ref)
    assert not stocked.remove(ref)
    assert stocked.get(ref) is None
    assert value_of(stocked.get(SecretRef("slack-token", ACME))) == "acme's own token"
    for wrong in ("", "x" * (LARGEST + 1)):
        with pytest.raises(UserError):
            stocked.put(ref, SecretValue(wrong))
    assert stocked.get(ref) is None


@every_backend
def test_what_cannot_be_read_is_an_error_that_shows_nothing(name: str, folder: Path) -> None:
    ref = SecretRef("slack-token")
    if name == "third-party":
        spoiled: SecretBackend = VaultOfOthers({ref: [VALUE]}, reachable=False)
    else:
        environ = samples_of(name).stock(folder, STOCK)
        samples_of(name).spoil(folder, environ, ref)
        spoiled = plug_of(name).open(Home(folder, environ))
    with pytest.raises(VigieError) as caught:
        spoiled.get(ref)
    shown = "".join(traceback.format_exception(caught.value)) + locals_of(caught.value)
    assert "slack" in shown.lower()
    assert VALUE[:9] not in shown


PRODUCT = str(Path(vigie.__file__).parent)


def locals_of(error: BaseException) -> str:
    """Every local of the product's frames that the error passed through, and of its causes."""
    found = []
    at: BaseException | None = error
    while at is not None:
        for frame, _ in traceback.walk_tb(at.__traceback__):
            if frame.f_code.co_filename.startswith(PRODUCT):
                found += [repr(value) for value in frame.f_locals.values() if not _home(value)]
        found.append(repr(at))
        at = at.__context__
    return "\n".join(found)


def _home(value: object) -> bool:
    return isinstance(value, (Home, Mapping))  # what the operator set up himself


@every_backend
def test_many_threads_ask_at_once(name: str, stocked: SecretBackend) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda ref: value_of(stocked.get(ref)), list(STOCK) * 20))
    assert answers == list(STOCK.values()) * 20


@every_backend
def test_a_backend_shows_no_value_itself(name: str, stocked: SecretBackend) -> None:
    stocked.get(SecretRef("slack-token"))
    if name != "third-party":
        assert VALUE not in repr(stocked)
    assert VALUE not in repr(stocked.get(SecretRef("slack-token")))


def test_a_third_party_registers_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point(EntryPoint):
        def load(self) -> Any:
            return OTHERS if self.name == "third-party" else SimpleNamespace(name=self.name)

    points = [Point(name, "x:y", SECRETS.group) for name in ("third-party", "half-made", "files")]
    monkeypatch.setattr(plugs, "entry_points", lambda group: points if group else [])
    found = Plugs(SECRETS)
    assert found["third-party"] is OTHERS
    assert "half-made" not in found.working()
    reasons = {problem.where: str(problem.message) for problem in found.disabled}
    assert "it has no label" in reasons["half-made"]
    assert "is taken" in reasons["files"]
