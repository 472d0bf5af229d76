"""What lies in deploy/ holds together, and the tools of its field agree."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.import_rule import ROOT
from vigie.faces.cli.main import ENTRIES
from vigie.services.telemetry import metrics, standing

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
CONTAINERFILE = DEPLOY / "container" / "Containerfile"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = ("server", "worker", "scheduler", "migrate")


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def stages() -> list[list[str]]:
    """The instructions of each stage, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", CONTAINERFILE.read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    starts = [n for n, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def test_the_image_ends_without_root_and_says_how_it_is() -> None:
    last = stages()[-1]
    users = [line.split()[1] for line in last if line.startswith("USER ")]
    assert users, "it would run as root"
    assert all(part.isdigit() and int(part) > 0 for part in users[-1].split(":"))
    assert any(line.startswith("HEALTHCHECK ") for line in last)
    assert len(stages()) == 2
    for stage in stages():
        image = stage[0].split()[1]
        assert ":" in image
        assert not image.endswith(":latest")


def test_the_image_is_made_of_what_there_is_and_pinned() -> None:
    kept = (DEPLOY / "container" / "Containerfile.dockerignore").read_text().split()
    for line in (line for stage in stages() for line in stage):
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in kept, f"{source} would not be sent"
        if "pip install" in line:
            for one in re.findall(r"pip install ([^&]*)", line):
                assert "--require-hashes" in one or "--no-deps" in one
    # server.txt holds what the platform needs besides base.txt.
    assert "-r requirements/base.txt -r requirements/server.txt" in " ".join(
        " ".join(line.split()) for stage in stages() for line in stage
    )


def test_the_image_starts_a_command_that_there_is() -> None:
    last = stages()[-1]
    [command] = [json.loads(line[4:]) for line in last if line.startswith("CMD ")]
    assert command[0] in ENTRIES


def test_hadolint_agrees() -> None:
    places = (Path.home() / ".local/share/vigie/scanners/hadolint").glob("*/bin/hadolint")
    found = shutil.which("hadolint") or next(map(str, places), "")
    if not found:
        pytest.skip("hadolint is not installed: vigie scanners install hadolint")
    assert run(found, "--no-color", str(CONTAINERFILE)) == ""


def test_no_secret_stands_in_the_compose_file() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert not re.search(r"://[^/\s]*:[^/\s]*@", text)
    for name, service in COMPOSE["services"].items():
        for variable, value in (service.get("environment") or {}).items():
            if re.search("PASSWORD|SECRET|KEY|URL", variable):
                assert variable.endswith("_FILE"), (name, variable)
                assert Path(value).name in service["secrets"], (name, variable)


def test_every_service_has_what_it_names() -> None:
    for name, service in COMPOSE["services"].items():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"]), name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in COMPOSE["volumes"], name
        for other, condition in (service.get("depends_on") or {}).items():
            wanted = COMPOSE["services"][other]
            if condition["condition"] == "service_healthy":
                assert "test" in wanted["healthcheck"], other


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_confined(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["command"][0] in ENTRIES
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")


def test_only_the_api_is_reached_and_only_from_this_machine() -> None:
    ports = {n: s["ports"] for n, s in COMPOSE["services"].items() if "ports" in s}
    assert ports == {"server": ["127.0.0.1:8480:8480"]}


def test_the_secrets_that_are_mounted_can_be_made(tmp_path: Path) -> None:
    tool("openssl")
    place = tmp_path / "secrets"
    script = str(DEPLOY / "make-secrets.sh")
    run("sh", script, str(place))
    assert {p.name for p in place.iterdir()} == set(COMPOSE["secrets"])
    assert place.stat().st_mode & 0o077 == 0
    owner = (place / "owner-password").read_text().strip()
    assert len(owner) == 48
    assert owner in (place / "owner-url").read_text()
    assert owner not in (place / "database-url").read_text()
    before = {p.name: p.read_bytes() for p in place.iterdir()}
    again = subprocess.run(["sh", script, str(place)], capture_output=True, check=False)
    assert again.returncode == 2
    assert {p.name: p.read_bytes() for p in place.iterdir()} == before


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(path)
    return parsed


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_units_are_little_exposed(path: Path) -> None:
    said = run(tool("systemd-analyze"), "security", "--offline=true", "--no-pager", str(path))
    found = re.search(r"exposure level for \S+: ([\d.]+) (\w+)", said)
    assert found is not None, said
    assert found[2] == "OK"
    assert float(found[1]) <= 1.5


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_units_have_what_they_need(path: Path) -> None:
    service = unit(path)["Service"]
    text = path.read_text()
    command = service["ExecStart"].split()
    assert command[1] in ENTRIES
    # What it is told to write to is its own, and there.
    assert service["StateDirectory"] == "vigie"
    assert "/var/lib/vigie" in command
    # Name look-ups and the log go over Unix sockets, the engines over IP.
    families = service["RestrictAddressFamilies"].split()
    assert set(families) == {"AF_INET", "AF_INET6", "AF_UNIX"}
    # Scanners and notifiers are given limits.
    assert "@resources" not in service["SystemCallFilter"]
    # Every credential that a variable points to is loaded.
    loaded = set(re.findall(r"^LoadCredential=([\w-]+):", text, re.MULTILINE))
    pointed = set(re.findall(r"_FILE=%d/([\w-]+)", text))
    assert pointed <= loaded
    assert loaded - pointed == {"platform-key"}
    # The current job gets its time before it is killed.
    grace = int(command[command.index("--grace") + 1]) if "--grace" in command else 5
    assert int(service["TimeoutStopSec"]) > grace


def test_units_are_read_by_systemd(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    for path in UNITS:
        # With a program that is there, or all that it says is that ours is not.
        copy = tmp_path / path.name
        copy.write_text(path.read_text().replace("/opt/vigie/bin/vigie", "/bin/true"))
        done = subprocess.run([analyze, "verify", "--man=no", str(copy)], capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert path.name not in done.stderr, done.stderr


def test_prometheus_reads_its_files() -> None:
    promtool, place = tool("promtool"), DEPLOY / "prometheus"
    run(promtool, "check", "config", "prometheus.yml", cwd=place)
    run(promtool, "check", "rules", "--lint-fatal", "alerts.yml", cwd=place)
    run(promtool, "test", "rules", "alerts.test.yml", cwd=place)


def test_every_alert_is_tried_and_asks_for_what_there_is() -> None:
    place = DEPLOY / "prometheus"
    rules = yaml.safe_load((place / "alerts.yml").read_text())["groups"][0]["rules"]
    tried = (place / "alerts.test.yml").read_text()
    known = {name for metric in metrics._OWN.collect() for name in names_of(metric)}
    known |= set(re.findall(r'"(vigie_\w+)"', Path(standing.__file__).read_text()))
    for rule in rules:
        assert f"alertname: {rule['alert']}" in tried, rule["alert"]
        assert set(re.findall(r"\bvigie_\w+", rule["expr"])) <= known, rule["alert"]


def names_of(metric: Any) -> set[str]:
    suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
    return {metric.name + suffix for suffix in suffixes.get(metric.type, [""])}
