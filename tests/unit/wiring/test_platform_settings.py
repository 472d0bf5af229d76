"""Settings of the platform: where they come from, what they may be, and what they never show."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.wiring.platform_settings import platform_settings

SECRET = "postgresql://vigie:hunter2@db.example/vigie"


def test_without_settings_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = platform_settings({"VIGIE_DATA": str(tmp_path)})
    assert settings.data == tmp_path
    assert settings.embedded
    assert settings.database == f"sqlite:///{tmp_path}/vigie.db"
    assert str(settings.listen) == "127.0.0.1:8480"
    assert settings.worker_count >= 1
    assert settings.url(8481) == "http://127.0.0.1:8481"


def test_what_is_typed_goes_before_the_environment(tmp_path: Path) -> None:
    environ = {"VIGIE_DATA": "/elsewhere", "VIGIE_LISTEN": "0.0.0.0:1", "VIGIE_WORKERS": "3"}
    settings = platform_settings(environ, data=str(tmp_path), listen="[::1]:9", workers=None)
    assert (settings.data, str(settings.listen), settings.workers) == (tmp_path, "[::1]:9", 3)
    assert settings.listen.host == "::1"


def test_engines_are_named_by_the_environment(tmp_path: Path) -> None:
    settings = platform_settings(
        {"VIGIE_DATABASE_URL": SECRET, "VIGIE_QUEUE_URL": "nats://n", "VIGIE_CACHE_URL": "redis://r",
         "VIGIE_ADDRESS": "https://vigie.example/", "VIGIE_PROXIES": "10.0.0.1, 10.0.0.2",
         "VIGIE_SCAN_FOLDERS": "/srv/one:/srv/two", "VIGIE_SCAN_MACHINE_LOGIN": "yes"},
        data=str(tmp_path),
    )  # fmt: skip
    assert not settings.embedded
    assert settings.database == SECRET
    assert (settings.queue_url, settings.cache_url) == ("nats://n", "redis://r")
    assert settings.url(1) == "https://vigie.example"
    assert settings.proxies == ("10.0.0.1", "10.0.0.2")
    assert settings.scan_folders == (Path("/srv/one"), Path("/srv/two"))
    assert settings.scan_machine_login
    assert not platform_settings({}, data=str(tmp_path)).scan_machine_login
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings.__rich_repr__())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LISTEN", "8480"),
        ("LISTEN", "host:"),
        ("LISTEN", "host:70000"),
        ("LISTEN", "host:٣"),
        ("WORKERS", "-1"),
        ("WORKERS", "many"),
        ("WORKERS", "100000000000"),
        ("ADDRESS", "vigie.example"),
        ("SCAN_MACHINE_LOGIN", "true"),
        ("SECURITY_POLICY", "/nowhere/security.yaml"),
        ("TLS_CERTIFICATE", "/nowhere/cert.pem"),
    ],
)
def test_what_cannot_be_is_refused(variable: str, value: str) -> None:
    with pytest.raises(UserError):
        platform_settings({f"VIGIE_{variable}": value})


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").touch()
    with pytest.raises(UserError, match="TLS needs"):
        platform_settings({"VIGIE_TLS_CERTIFICATE": str(tmp_path / "cert.pem")})
