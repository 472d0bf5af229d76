"""The server of a platform, as its settings ask for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from vigie.faces.server.serving import listen
from vigie.faces.server.start import serving_of
from vigie.wiring.platform import opened, prepare_folder
from vigie.wiring.platform_settings import platform_settings
from vigie.wiring.work import scan_rules


def test_it_knows_its_address_and_answers_there(tmp_path: Path) -> None:
    settings = platform_settings({}, data=str(tmp_path), listen="127.0.0.1:0")
    prepare_folder(settings)
    with listen("127.0.0.1", 0) as listener, opened(settings, {}) as platform:
        serving = serving_of(platform, settings, listener)
        assert serving.address == f"http://127.0.0.1:{listener.getsockname()[1]}"
        serving.start()
        try:
            assert httpx.get(f"{serving.address}/ready").json()["ready"]
        finally:
            serving.stop()


def test_it_knows_what_may_be_scanned(tmp_path: Path) -> None:
    environ = {"VIGIE_SCAN_FOLDERS": "/srv/code"}
    settings = platform_settings(environ, data=str(tmp_path))
    prepare_folder(settings)
    with listen("127.0.0.1", 0) as listener, opened(settings, {}) as platform:
        app: Any = serving_of(platform, settings, listener)._app
        assert app.state.scan_rules == scan_rules(settings)
        assert app.state.scan_rules.folders == (Path("/srv/code"),)


def test_it_is_where_the_operator_says(tmp_path: Path) -> None:
    settings = platform_settings({"VIGIE_ADDRESS": "https://vigie.example"}, data=str(tmp_path))
    prepare_folder(settings)
    with listen("127.0.0.1", 0) as listener, opened(settings, {}) as platform:
        assert serving_of(platform, settings, listener).address == "https://vigie.example"
