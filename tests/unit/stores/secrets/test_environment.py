"""The names of variables, and that none belongs to two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import SourceError
from vigie.ports.secrets import Home, SecretRef, is_name, is_tenant
from vigie.stores.secrets.environment import EnvironmentBackend, variable

# Letters that make the nearest misses likely.
names = st.text("aB1-._", min_size=1, max_size=6).filter(is_name)
tenants = st.text("ab1-", max_size=6).filter(is_tenant)


def backend(tmp_path: object, **environ: str) -> EnvironmentBackend:
    return EnvironmentBackend(Home(tmp_path, environ))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (SecretRef("slack-token"), "VIGIE_SECRET_SLACK_TOKEN"),
        (SecretRef("Slack.token"), "VIGIE_SECRET_SLACK_TOKEN"),
        (SecretRef("db", "acme"), "VIGIE_SECRET__ACME__DB"),
        (SecretRef("db-2", "acme-fr"), "VIGIE_SECRET__ACME_FR__DB_2"),
    ],
)
def test_a_name_is_written_in_capitals(ref: SecretRef, expected: str) -> None:
    assert variable(ref) == expected


@given(names, tenants, names, tenants)
def test_no_variable_belongs_to_two_tenants(
    name: str, tenant: str, other: str, stranger: str
) -> None:
    if tenant != stranger:
        assert variable(SecretRef(name, tenant)) != variable(SecretRef(other, stranger))


@given(names, tenants)
def test_what_is_listed_is_what_can_be_asked_for(name: str, tenant: str) -> None:
    opened = backend(None, **{variable(SecretRef(name, tenant)): "x"})
    (info,) = opened.names(tenant)
    assert variable(SecretRef(info.name, tenant)) == variable(SecretRef(name, tenant))
    for stranger in {"", "a", "b-1"} - {tenant}:
        assert list(opened.names(stranger)) == []


def test_variables_of_others_are_no_secrets() -> None:
    opened = backend(None, VIGIE_SECRET_="a", VIGIE_SECRET_lower="b", VIGIE_SECRETS_DIR="c",
                     VIGIE_SECRET___A="d", VIGIE_SECRET_EMPTY="", VIGIE_SECRET_OK="e")  # fmt: skip
    assert [info.name for info in opened.names("")] == ["ok"]
    assert opened.get(SecretRef("empty")) is None


def test_bytes_that_are_no_text_are_an_error() -> None:
    opened = backend(None, VIGIE_SECRET_BAD="\udcff\udcfe-hunter2")
    with pytest.raises(SourceError) as caught:
        opened.get(SecretRef("bad"))
    assert "VIGIE_SECRET_BAD" in str(caught.value)
    assert "hunter2" not in str(caught.value)
