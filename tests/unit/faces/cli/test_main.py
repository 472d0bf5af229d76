"""The group: help that teaches in two languages, and words nobody knows."""

from __future__ import annotations

import signal
import subprocess
import sys
from importlib.util import find_spec

import pytest
from tests.unit.faces.cli.conftest import Call

import vigie as package
from vigie.faces.cli.main import ENTRIES as EVERY

ENTRIES = [name for name, entry in EVERY.items() if not entry.hidden]


def test_help_lists_every_command_with_examples_and_exit_codes(vigie: Call) -> None:
    done = vigie("--help")
    assert done.code == 0
    assert "vigie scan ." in done.out
    assert "Exit codes: 0 fine" in done.out
    for name in ENTRIES:
        assert f"\n  {name} " in done.out


def test_no_arguments_show_the_help(vigie: Call) -> None:
    assert vigie().out == vigie("--help").out


@pytest.mark.parametrize("environ", [{"LANG": "fr_FR.UTF-8"}, {"VIGIE_LANG": "fr"}])
def test_help_speaks_the_readers_language(vigie: Call, environ: dict[str, str]) -> None:
    done = vigie("--help", **environ)
    assert "Usage : vigie" in done.out
    assert "Lancer des scanners" in done.out
    assert "Run scanners" not in done.out


def test_the_option_beats_the_locale(vigie: Call) -> None:
    assert "Commandes" in vigie("--lang", "fr", "--help", LANG="en_GB").out
    assert "Commands" in vigie("--help", "--lang", "en", LANG="fr_FR").out


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_command_teaches_with_examples(vigie: Call, name: str, lang: str) -> None:
    done = vigie(name, "--help", "--lang", lang)
    assert done.code == 0
    assert {"en": "Examples", "fr": "Exemples"}[lang] in done.out
    assert f"vigie {name}" in done.out
    assert done.err == ""


def test_every_command_is_spoken_of_in_french(vigie: Call) -> None:
    for name in ENTRIES:
        english, french = (vigie(name, "--help", "--lang", lang).out for lang in ("en", "fr"))
        lines = [line.strip() for line in english.splitlines()]
        sentences = [s for s in lines if s.endswith(".") and s.count(" ") > 3]
        spoken = {line.strip() for line in french.splitlines()}
        assert sentences
        assert not [s for s in sentences if s in spoken], name


def test_version_is_told(vigie: Call) -> None:
    assert vigie("--version").out == f"vigie {package.__version__}\n"


def test_an_unknown_command_is_an_error_with_the_choice(vigie: Call) -> None:
    done = vigie("scna")
    assert done.code == 2
    assert done.err.startswith("error: there is no command 'scna'\nhint: Choose from: scan,")
    assert done.out == ""


def test_an_unknown_option_is_an_error_that_helps_in_french(vigie: Call) -> None:
    done = vigie("merge", "--fromat", "json", "x", LANG="fr")
    assert done.code == 2
    assert "erreur : vigie merge n'a pas d'option --fromat" in done.err
    assert "conseil : Vouliez-vous dire" in done.err
    assert "--format" in done.err


def test_a_missing_argument_is_named(vigie: Call) -> None:
    done = vigie("merge")
    assert done.code == 2
    assert "vigie merge needs REPORT" in done.err


def test_a_language_nobody_speaks_here_is_wrong_usage(vigie: Call) -> None:
    done = vigie("--lang", "xx", "--help")
    assert done.code == 2
    assert "en, fr" in done.err


# Put there by the machine, not by the program.
AT_EVERY_START = ("sitecustomize", "_distutils_hack")


def test_help_loads_nothing_that_it_does_not_need() -> None:
    """What makes it come at once; `bench_startup` measures how soon."""
    asked = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "vigie", "--help"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    loaded = {line.rsplit("|", 1)[-1].strip() for line in asked.stderr.splitlines()}
    foreign = {name.split(".")[0] for name in loaded} - sys.stdlib_module_names - {"vigie"}
    assert "click" in foreign
    assert not {name for name in foreign if find_spec(name)} - {"click", *AT_EVERY_START}
    assert len(loaded) < 250


@pytest.mark.usefixtures("in_a_terminal")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_whoever_ends_it_lets_it_tidy_up(name: str) -> None:
    code = (
        "import time\n"
        "from vigie.faces.cli import main as program\n"
        "def run(*_):\n"
        "    try:\n"
        "        print('on', flush=True)\n"
        "        time.sleep(600)\n"
        "    except KeyboardInterrupt:\n"
        "        return 130\n"
        "program.run = run\n"
        "program.main()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.Signals[name])
        assert process.wait(60) == 130
