"""Lock files, renewed by tools that stand in for the real ones (tests/integration has those)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.stand_ins import write_program

from vigie.ports.patches import Upgrade
from vigie.sources.registries.locks.catalogue import RENEWERS
from vigie.sources.registries.locks.renewing import Work, copied, failed, last_words

Put = Callable[[str, str], None]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """A program that keeps what it was called with and what lay around it."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def write(name: str, script: str) -> None:
        log = tmp_path / "log"
        keep = (
            "import json, os, sys\n"
            "files = sorted(os.path.relpath(os.path.join(d, f)) for d, _, n in os.walk('.')"
            " for f in n)\n"
            f"open({str(log)!r}, 'a').write(json.dumps([sys.argv[1:], files]) + '\\n')\n"
        )
        write_program(tmp_path / "bin" / name, keep + script)

    return write


def calls(tmp_path: Path) -> list[tuple[list[str], list[str]]]:
    return [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]


def up(type_: str, name: str, old: str, new: str) -> Upgrade:
    return Upgrade(type_, name, old, new)


MANIFEST = '{"dependencies": {"a": "^1.0.0"}}'
LOCK = json.dumps(
    {
        "lockfileVersion": 3,
        "packages": {
            "": {},
            "node_modules/a": {"version": "1.0.0", "resolved": "x"},
            "node_modules/b": {"version": "1.0.0"},
            "node_modules/c/node_modules/b": {"version": "2.0.0"},
        },
    }
)
NPM_UPS = (up("npm", "a", "1.0.0", "1.2.0"), up("npm", "b", "1.0.0", "1.3.0"))


def npm_work(lock: str = LOCK) -> Work:
    files = {"web/package.json": MANIFEST, "web/package-lock.json": lock, "x/package.json": "{}"}
    return Work("web/package.json", "web/package-lock.json", files, MANIFEST, NPM_UPS)


def test_npm_is_asked_for_the_versions_once_and_then_for_the_manifest(
    put: Put, tmp_path: Path
) -> None:
    script = (
        "m = json.load(open('package.json')); l = json.load(open('package-lock.json'))\n"
        f"seen = open({str(tmp_path / 'seen')!r}, 'a')\n"
        "seen.write(json.dumps([m, sorted(l['packages'])]) + '\\n')\n"
        "p = l['packages']\n"
        "for n, v in (m.get('overrides') or {}).items():\n"
        "    p['node_modules/' + n.partition('@')[0]] = {'version': v}\n"
        "p['node_modules/a'] = {'version': m['dependencies']['a'].strip('^')}\n"
        "json.dump(l, open('package-lock.json', 'w'))"
    )
    put("npm", script)
    renewal = RENEWERS["package.json"][1].renew(npm_work())
    assert renewal.failed is None
    first, second = [json.loads(x) for x in (tmp_path / "seen").read_text().splitlines()]
    assert first == [
        {"dependencies": {"a": "1.2.0"}, "overrides": {"b@1.0.0": "1.3.0"}},
        ["", "node_modules/c/node_modules/b"],
    ]
    assert second[0] == json.loads(MANIFEST)
    for argv, _ in calls(tmp_path):
        assert {"--package-lock-only", "--ignore-scripts", "--lockfile-version=3"} <= set(argv)
        assert "--omit-lockfile-registry-resolved=false" in argv
    # The stand-in brings the old version of a back, as npm does when a range wants it.
    assert [u.name for u in renewal.missed] == ["a"]
    assert set(renewal.files) == {"web/package-lock.json"}


def test_what_npm_says_is_the_reason(put: Put) -> None:
    put("npm", "sys.stderr.write('npm error code E404\\nnpm error 404 no such\\n'); sys.exit(1)")
    renewal = RENEWERS["package.json"][1].renew(npm_work())
    assert str(renewal.failed) == "npm could not: 404 no such"
    assert renewal.files == {}


@pytest.mark.parametrize("lock", ["", "{", "[]", "null", '{"packages": []}', "[" * 100_000])
def test_a_lock_that_is_none_is_said_or_left_to_npm(put: Put, lock: str) -> None:
    put("npm", "sys.exit(1)")
    assert RENEWERS["package.json"][1].renew(npm_work(lock)).failed is not None


def python_work(lock: str) -> Work:
    files = {"pyproject.toml": "", lock: '[[package]]\nname = "a-b"\nversion = "1.0"\n'}
    return Work("pyproject.toml", lock, files, "", (up("pypi", "A_b", "1.0", "1.2"),))


def test_uv_builds_nothing(put: Put, tmp_path: Path) -> None:
    put("uv", "open('uv.lock', 'w').write('[[package]]\\nname = \"a-b\"\\nversion = \"1.2\"\\n')")
    renewal = RENEWERS["pyproject.toml"][0].renew(python_work("uv.lock"))
    assert (renewal.failed, renewal.missed) == (None, ())
    assert 'version = "1.2"' in renewal.files["uv.lock"]
    ((argv, files),) = calls(tmp_path)
    assert argv == ["lock", "--no-build", "--upgrade-package=A_b==1.2"]
    assert files == ["pyproject.toml", "uv.lock"]


def test_poetry_raises_within_ranges_and_what_stays_is_missed(put: Put, tmp_path: Path) -> None:
    put("poetry", "")
    renewal = RENEWERS["pyproject.toml"][1].renew(python_work("poetry.lock"))
    assert [u.name for u in renewal.missed] == ["A_b"]
    ((argv, _),) = calls(tmp_path)
    assert argv == ["update", "--lock", "--no-interaction", "A_b"]
    put("poetry", "print('no route'); sys.exit(1)")
    failed = RENEWERS["pyproject.toml"][1].renew(python_work("poetry.lock"))
    assert str(failed.failed) == "poetry could not: no route"


def cargo_work() -> Work:
    manifest = (
        '[package]\nname = "x"\n[lib]\npath = "lib/l.rs"\n[[bin]]\nname = "tool"\n'
        '[[bin]]\nname = "evil"\npath = "../../evil.rs"\n'
    )
    lock = (
        '[[package]]\nname = "a"\nversion = "1.0.0"\n[[package]]\nname = "b"\nversion = "1.0.0"\n'
    )
    ups = (up("cargo", "a", "1.0.0", "1.0.5"), up("cargo", "b", "1.0.0", "2.0.0"))
    files = {"rs/Cargo.toml": manifest, "rs/Cargo.lock": lock}
    return Work("rs/Cargo.toml", "rs/Cargo.lock", files, manifest, ups)


def test_cargo_goes_to_precisely_that_version(put: Put, tmp_path: Path) -> None:
    script = (
        "if sys.argv[2].startswith('b'):\n"
        "    sys.stderr.write('error: no matching version\\n'); sys.exit(101)\n"
        "t = open('Cargo.lock').read().replace('1.0.0', '1.0.5', 1)\n"
        "open('Cargo.lock', 'w').write(t)"
    )
    put("cargo", script)
    renewal = RENEWERS["Cargo.toml"][0].renew(cargo_work())
    assert renewal.failed is None
    assert [u.name for u in renewal.missed] == ["b"]
    argv, files = calls(tmp_path)[0]
    assert argv == ["update", "a@1.0.0", "--precise", "1.0.5"]
    assert {"lib/l.rs", "src/lib.rs", "src/main.rs", "src/bin/tool.rs"} <= set(files)
    assert not any("evil" in path for path in files)
    assert not list(tmp_path.rglob("evil.rs"))


def test_cargo_that_does_nothing_has_failed(put: Put) -> None:
    put("cargo", "sys.stderr.write('error: no network\\n'); sys.exit(101)")
    renewal = RENEWERS["Cargo.toml"][0].renew(cargo_work())
    assert str(renewal.failed) == "cargo could not: error: no network"


def test_go_says_what_else_goes_up_and_old_sums_go(put: Put, tmp_path: Path) -> None:
    script = (
        "if sys.argv[1] == 'get':\n"
        "    open('go.mod', 'w').write('module x\\n\\nrequire ex.org/a v1.2.0\\n')\n"
        "    open('go.sum', 'a').write('ex.org/a v1.2.0 h1:new=\\n')\n"
        "if sys.argv[1:3] == ['mod', 'edit']:\n"
        "    print(json.dumps({'Require': [{'Path': 'ex.org/a', 'Version': 'v1.2.0'}]}))\n"
        f"open({str(tmp_path / 'env')!r}, 'w').write(os.environ['GOTOOLCHAIN'])"
    )
    put("go", script)
    before = "module x\r\n\r\nrequire ex.org/a v1.0.0\r\n"
    files = {"go.mod": before, "go.sum": "ex.org/a v1.0.0 h1:old=\nex.org/a v1.0.0/go.mod h1:m=\n"}
    ups = (up("golang", "ex.org/a", "1.0.0", "1.2.0"), up("golang", "stdlib", "1.20", "1.21"))
    renewal = RENEWERS["go.mod"][0].renew(Work("go.mod", "go.sum", files, before, ups))
    assert renewal.failed is None
    assert renewal.files == {
        "go.mod": "module x\r\n\r\nrequire ex.org/a v1.2.0\r\n",
        "go.sum": "ex.org/a v1.0.0/go.mod h1:m=\nex.org/a v1.2.0 h1:new=\n",
    }
    assert [argv for argv, _ in calls(tmp_path)] == [
        ["get", "ex.org/a@v1.2.0"],
        ["mod", "edit", "-json"],
        ["mod", "download", "ex.org/a@v1.2.0"],
    ]
    assert (tmp_path / "env").read_text() == "local"


def test_nothing_is_copied_outside(tmp_path: Path) -> None:
    with copied({"../out.txt": "x", "/abs.txt": "x", "a\x00b": "x", "in/a.txt": "1\r\n"}) as root:
        assert [p.name for p in root.rglob("*") if p.is_file()] == ["a.txt"]
        assert not (root.parent / "out.txt").exists()
        assert (root / "in" / "a.txt").read_bytes() == b"1\r\n"
    assert not root.exists()
    assert last_words("first\n\n", " ", "last \n") == "last"
    assert last_words("", "") == ""


NO_PEER = """code ERESOLVE
ERESOLVE unable to resolve dependency tree

While resolving: shop@1.0.0
Found: page@16.8.0
node_modules/page
  page@"16.8.0" from the root project

Could not resolve dependency:
peer page@"17.0.2" from page-dom@17.0.2
node_modules/page-dom

For a full report see:
"""
NO_SOLUTION = """error: No solution found when resolving dependencies
  cause: Because web==2 depends on page>=3 and your project depends on web==2,
         your project's requirements are unsatisfiable.
"""
OLDER_UV = """  × No solution found when resolving dependencies:
  ╰─▶ Because a depends
      on b, it cannot be.

      hint: look there
"""


@pytest.mark.parametrize(
    ("said", "why", "conflict"),
    [
        (
            NO_PEER,
            (
                'Could not resolve dependency: peer page@"17.0.2" from page-dom@17.0.2. '
                "Found: page@16.8.0"
            ),
            True,
        ),
        (
            "code ETARGET\nnotarget No matching version found for pad@99.0.0.\nnotarget In most",
            "No matching version found for pad@99.0.0",
            True,
        ),
        (
            NO_SOLUTION,
            (
                "Because web==2 depends on page>=3 and your project depends on web==2, "
                "your project's requirements are unsatisfiable."
            ),
            True,
        ),
        (OLDER_UV, "Because a depends on b, it cannot be.", True),
        (
            (
                "Resolving…\n\nBecause shop depends on both web (2)\n and page (1), "
                "version solving failed."
            ),
            "Because shop depends on both web (2) and page (1), version solving failed",
            True,
        ),
        (
            'error: failed to select a version for the requirement `vec = "=1.6.0"`',
            'error: failed to select a version for the requirement `vec = "=1.6.0"`',
            True,
        ),
        (
            "go: x.org/net@v0.10.0 requires x.org/text@v0.9.0, not x.org/text@v0.7.0",
            "go: x.org/net@v0.10.0 requires x.org/text@v0.9.0, not x.org/text@v0.7.0",
            True,
        ),
        ("error: Request failed\n  cause: Connection refused", "cause: Connection refused", False),
        ("code ENOTFOUND\nnetwork no such host", "network no such host", False),
    ],
)
def test_a_refusal_is_one_sentence_in_the_tools_own_words(
    said: str, why: str, conflict: bool
) -> None:
    renewal = failed("tool", "", said)
    assert str(renewal.failed) == f"tool could not: {why}"
    assert renewal.conflict is conflict
    assert renewal.files == {}
