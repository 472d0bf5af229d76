"""References, the order of the backends, and that no tenant reaches what is not its own."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import SourceError, UserError
from vigie.ports.secrets import Home, SecretRef, SecretValue, is_name, is_tenant
from vigie.services.secrets import (
    Secrets,
    is_reference,
    needs_reference,
    open_secrets,
    parse,
    rotate_master,
)
from vigie.stores.secrets import environment, files, sealed
from vigie.wiring.secrets import secrets_of

PLATFORM = "00000000-0000-0000-0000-000000000000"
VALUE = "xoxb-the-value"


def of(folder: Path, **environ: str) -> Secrets:
    return secrets_of(folder, {"VIGIE_SECRETS_DIR": str(folder / "mount"), **environ})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("secret://slack-token", SecretRef("slack-token", "acme")),
        ("secret://Slack.Token_2", SecretRef("Slack.Token_2", "acme")),
        ("secret://a?version=3", SecretRef("a", "acme", 3)),
        ("secret://a?version=999999999", SecretRef("a", "acme", 999_999_999)),
    ],
)
def test_a_reference_names_a_secret_of_its_tenant(text: str, expected: SecretRef) -> None:
    assert parse(text, "acme") == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "slack-token", "secret:", "secret://", "secret:///a", "Secret://a", "SECRET://a",
        " secret://a", "secret://a ", "secret://a\n", "secret://a/b", "secret://../a",
        "secret://..data", "secret://.a", "secret://a.", "secret://a..b", "secret://a__b",
        "secret://a#b", "secret://a?", "secret://a?version=", "secret://a?version=0",
        "secret://a?version=01", "secret://a?version=-1", "secret://a?version=1&version=2",
        "secret://a?version=1.0", "secret://a?version=1234567890", "secret://a?tenant=globex",
        "secret://globex@a", "secret://a%2e", "secret://é", "secret://a\0", "secret://a?version=١",
        "secret://" + "a" * 129,
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(text, "acme")
    shown = f"{caught.value} {caught.value.hint}"
    assert len(text) < 15 or text.removeprefix("secret://") not in shown


@given(st.text(max_size=30))
def test_no_text_at_all_gets_by(text: str) -> None:
    reference = f"secret://{text}"
    try:
        found = parse(reference)
    except UserError:
        return
    assert is_name(found.name)
    suffix = f"?version={found.version}" if found.version else ""
    assert reference == f"secret://{found.name}{suffix}"


@given(st.text("aA1-._/", max_size=8))
def test_a_name_is_never_a_path(text: str) -> None:
    if is_name(text):
        assert "/" not in text
        assert text.strip(".-_") == text
        assert text
    assert not is_tenant(text) or text == text.lower()


@pytest.mark.parametrize(
    ("name", "tenant", "version"),
    [("../x", "", 0), ("a", "../x", 0), ("a", "Acme", 0), ("a", "a--b", 0), ("a", "", -1),
     ("a", "", 10**9), ("a" * 129, "", 0), ("a", "b" * 65, 0), ("", "", 0)],
)  # fmt: skip
def test_a_malformed_reference_cannot_even_be_made(name: str, tenant: str, version: int) -> None:
    with pytest.raises(UserError):
        SecretRef(name, tenant, version)


def test_a_plain_value_is_refused_where_a_reference_must_stand() -> None:
    needs_reference("channel.token", "secret://slack-token")
    assert is_reference("secret://")
    for plain in (VALUE, "", "secret:/" + VALUE, "secret://" + VALUE + "?v=1"):
        with pytest.raises(UserError) as caught:
            needs_reference("channel.token", plain)
        assert VALUE not in f"{caught.value}{caught.value.hint}{caught.value!r}"
    with pytest.raises(UserError, match=r"channel\.token"):
        needs_reference("channel.token", VALUE)


def test_the_first_backend_that_has_it_answers(tmp_path: Path) -> None:
    of(tmp_path).put("token", SecretValue("sealed"), "")
    assert of(tmp_path).resolve("secret://token", "").reveal() == "sealed"
    (tmp_path / "mount").mkdir()
    (tmp_path / "mount" / "token").write_text("mounted\n")
    assert of(tmp_path).resolve("secret://token", "").reveal() == "mounted"
    both = of(tmp_path, VIGIE_SECRET_TOKEN="environment")
    assert both.resolve("secret://token", PLATFORM).reveal() == "environment"
    # Only the sealed store keeps versions.
    assert both.resolve("secret://token?version=1", "").reveal() == "sealed"
    assert [info.backend for info in both.list("")] == ["environment"]
    assert [info.backend for info in both.versions("token", "")] == [
        "environment", "files", "sealed",
    ]  # fmt: skip
    other = of(tmp_path, VIGIE_SECRETS_ORDER="sealed, files", VIGIE_SECRET_TOKEN="x")
    assert other.resolve("secret://token", "").reveal() == "sealed"


def test_a_backend_that_fails_is_not_passed_over(tmp_path: Path) -> None:
    of(tmp_path).put("token", SecretValue("sealed"), "")
    (tmp_path / "mount").mkdir()
    (tmp_path / "mount" / "token").write_text("")
    with pytest.raises(SourceError):
        of(tmp_path).resolve("secret://token", "")


def test_a_tenant_gets_neither_the_platforms_nor_anothers(tmp_path: Path) -> None:
    secrets = of(tmp_path, VIGIE_SECRET_SMTP="of the platform", VIGIE_SECRET__GLOBEX__DB="globex")
    secrets.put("api", SecretValue("of the platform"), PLATFORM)
    for name in ("smtp", "db", "api", "globex--db"):
        for tenant in ("acme", "globex-2"):
            with pytest.raises(UserError):
                secrets.resolve(f"secret://{name}", tenant)
    assert secrets.resolve("secret://api", "").reveal() == "of the platform"
    assert secrets.list("acme") == ()
    assert [info.name for info in secrets.list(PLATFORM)] == ["api", "smtp"]
    assert secrets.resolve_all({"a": "secret://db"}, "globex")["a"].reveal() == "globex"


def test_an_unknown_secret_is_named_with_where_it_was_looked_for(tmp_path: Path) -> None:
    for tenant, more in (("", "vigie secrets set absent"), ("acme", "acme")):
        with pytest.raises(UserError, match="absent") as caught:
            of(tmp_path).resolve("secret://absent", tenant)
        assert "environment, files, sealed" in str(caught.value.hint)
        assert more in str(caught.value.hint)
        with pytest.raises(UserError, match="absent"):
            of(tmp_path).require("secret://absent", tenant)
    of(tmp_path).put("there", SecretValue("x"), "acme")
    of(tmp_path).require("secret://there?version=1", "acme")
    with pytest.raises(UserError, match="version 7"):
        of(tmp_path).resolve("secret://there?version=7", "acme")


def test_what_would_not_answer_is_not_put(tmp_path: Path) -> None:
    secrets = of(tmp_path, VIGIE_SECRET_TOKEN="x")
    with pytest.raises(UserError, match="environment"):
        secrets.put("token", SecretValue("y"), "")
    assert secrets.put("token", SecretValue("y"), "acme").version == 1
    assert secrets.remove("token", "acme")
    assert not secrets.remove("token", "acme")


def test_what_was_resolved_or_put_is_masked_from_then_on(tmp_path: Path) -> None:
    secrets = of(tmp_path, VIGIE_SECRET_TOKEN="first-value")
    assert secrets.redactor.mask("first-value") == "first-value"
    secrets.resolve("secret://token", "")
    secrets.put("other", SecretValue("second-value"), "")
    assert secrets.redactor.mask("first-value second-value") == "*** ***"


def test_an_order_that_cannot_be_is_refused(tmp_path: Path) -> None:
    for order in ("sealed,vault", "sealed,sealed"):
        with pytest.raises(UserError):
            of(tmp_path, VIGIE_SECRETS_ORDER=order)
    plugs = {p.BACKEND.name: p.BACKEND for p in (environment, files, sealed)}
    with pytest.raises(UserError):
        open_secrets(plugs, Home(tmp_path, {}), ())
    read_only = open_secrets(plugs, Home(tmp_path, {}), ("environment",))
    with pytest.raises(UserError, match="written"):
        read_only.put("a", SecretValue("x"), "")


def test_a_new_master_key_keeps_what_was_sealed(tmp_path: Path) -> None:
    of(tmp_path).put("a", SecretValue("x"), "")
    count, key = rotate_master(Home(tmp_path, {}), key_file=tmp_path / "elsewhere.key")
    assert (count, len(key)) == (1, 32)
    environ = {"VIGIE_MASTER_KEY_FILE": str(tmp_path / "elsewhere.key")}
    assert of(tmp_path, **environ).resolve("secret://a", "").reveal() == "x"


@dataclass(frozen=True)
class Held:
    token: SecretValue


def test_a_value_shows_itself_nowhere() -> None:
    value = SecretValue(VALUE)
    held = Held(value)
    shown = [repr(value), str(value), f"{value}", f"{value:>40}", f"{value!r}",
             "{}".format(*[value]), repr(held), repr({"a": [value]}),
             repr(MappingProxyType({"a": value})),
             json.dumps({"a": value}, default=repr)]  # fmt: skip
    assert not any(VALUE in text for text in shown)
    attempts = (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, msgspec.json.encode, vars)
    for attempt in attempts:
        with pytest.raises(TypeError) as caught:
            attempt(value)
        assert VALUE not in str(caught.value)
    with pytest.raises(TypeError):
        asdict(held)
    assert value == SecretValue(VALUE)
    assert value != SecretValue(VALUE + "x")
    assert value != VALUE
    assert len({value, SecretValue(VALUE)}) == 1
