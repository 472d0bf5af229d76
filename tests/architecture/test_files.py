"""Every file is tested, short, and free of what belongs to one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.import_rule import ROOT, SOURCE, imports, module_name

TESTS = ROOT / "tests" / "unit"

# One behaviour suite runs over every plug in these folders.
SUITES = {
    # Walked whole: each endpoint by each role and tenant, each migration down and up.
    "vigie/faces/server/resources": "tests/integration/api/test_permission_matrix.py",
    "vigie/stores/relational/migrations": "tests/unit/stores/relational/test_migration.py",
    "vigie/stores/relational/tables": "tests/unit/stores/relational/test_migration.py",
    "vigie/sources/filesystems": "tests/plugs/test_filesystems.py",
    "vigie/sources/reports": "tests/plugs/test_report_parsers.py",
    "vigie/sources/scanners/runners": "tests/plugs/test_scanners.py",
    "vigie/sources/packages/readers": "tests/plugs/test_package_readers.py",
    "vigie/outlets/patches/editors": "tests/plugs/test_patches.py",
    "vigie/outlets/notifiers": "tests/plugs/test_notifiers.py",
    "vigie/outlets/documents": "tests/plugs/test_outlets.py",
    "vigie/outlets/tickets": "tests/plugs/test_tickets.py",
    "vigie/outlets/formats": "tests/plugs/test_outlets.py",
}

# Pieces that only make sense through the whole that uses them, and the test of that whole.
PIECES = {
    # Use-cases of which every branch is reached over the API, on both databases.
    "services/pushing.py": "tests/integration/api/test_push.py",
    "faces/cli/commands/push.py": "tests/integration/api/test_push.py",
    "faces/cli/server.py": "tests/integration/api/test_push.py",
    "faces/cli/server_gate.py": "tests/integration/api/test_push.py",
    "client/address.py": "tests/unit/client/test_client.py",
    "client/failures.py": "tests/unit/client/test_client.py",
    "services/gates.py": "tests/integration/api/test_policies_and_gates.py",
    "services/policies.py": "tests/integration/api/test_policies_and_gates.py",
    "services/policy_versions.py": "tests/integration/api/test_policies_and_gates.py",
    "services/records.py": "tests/integration/api/test_policies_and_gates.py",
    "services/views.py": "tests/integration/api/test_views.py",
    "faces/server/resources/triage.py": "tests/integration/api/test_triage.py",
    "services/reading/assets.py": "tests/integration/api/test_assets.py",
    "services/reading/events.py": "tests/integration/api/test_events.py",
    "services/reading/explaining.py": "tests/integration/api/test_findings.py",
    "services/reading/findings.py": "tests/integration/api/test_findings.py",
    "services/reading/overview.py": "tests/integration/api/test_overview.py",
    "services/reading/planning.py": "tests/integration/api/test_assets.py",
    "services/reading/stored.py": "tests/integration/api/test_findings.py",
    "faces/server/streams.py": "tests/integration/api/test_events.py",
    "faces/server/screens/__init__.py": "tests/integration/api/test_screens.py",
    "stores/relational/fields.py": "tests/integration/api/test_any_question.py",
    "stores/relational/listing.py": "tests/integration/api/test_any_question.py",
    "stores/relational/page_rows.py": "tests/integration/api/test_any_question.py",
    "stores/relational/questions.py": "tests/integration/api/test_any_question.py",
    "stores/relational/listings/finding_counts.py": "stores/relational/listings/test_searching.py",
    "stores/relational/columnar/columns.py": "stores/relational/columnar/test_answering.py",
    "stores/relational/columnar/filtering.py": "stores/relational/columnar/test_answering.py",
    "stores/relational/columnar/keeping.py": "stores/relational/columnar/test_answering.py",
    "stores/relational/columnar/loading.py": "stores/relational/columnar/test_answering.py",
    "stores/relational/listings/searched_words.py": "stores/relational/listings/test_searching.py",
    "services/job_records.py": "tests/integration/api/test_background.py",
    "services/schedules.py": "tests/integration/api/test_background.py",
    "services/job_retries.py": "tests/integration/api/test_background.py",
    "services/policy_words.py": "tests/integration/api/test_policies_and_gates.py",
    "services/reading/first.py": "tests/integration/api/test_overview.py",
    "services/reading/fleet.py": "tests/integration/access/test_fleet.py",
    "services/submissions.py": "tests/integration/api/test_background.py",
    "services/judging_anew.py": "tests/integration/api/test_background.py",
    "services/kept_secrets.py": "tests/integration/api/test_secrets.py",
    "services/suppressions.py": "tests/integration/api/test_suppressions.py",
    "stores/relational/records.py": "tests/integration/api/test_policies_and_gates.py",
    "stores/relational/types.py": "stores/relational/test_database.py",
    "sources/registries/locks/python.py": "sources/registries/locks/test_renewing.py",
    "sources/registries/locks/golang.py": "sources/registries/locks/test_renewing.py",
    "sources/registries/locks/cargo.py": "sources/registries/locks/test_renewing.py",
    "sources/registries/locks/npm.py": "sources/registries/locks/test_renewing.py",
    "services/fixing/asking.py": "services/test_fix.py",
    "services/fixing/patching.py": "services/test_fix.py",
    "faces/cli/proposal_forms.py": "faces/cli/commands/test_fix.py",
    "faces/cli/proposals.py": "faces/cli/commands/test_fix.py",
    "faces/cli/inputs.py": "faces/cli/commands/test_merge.py",
    "faces/cli/options.py": "faces/cli/commands/test_scan.py",
    "faces/cli/rulings.py": "faces/cli/commands/test_gate.py",
    "faces/cli/scanning.py": "faces/cli/commands/test_scan.py",
    "services/harvest.py": "services/test_scan.py",
    "sources/advisories/epss.py": "services/test_feeds.py",
    "sources/advisories/kev.py": "services/test_feeds.py",
    "triage/advice.py": "triage/test_plan.py",
    "triage/outlook.py": "triage/test_plan.py",
    "triage/parents.py": "triage/test_plan.py",
    "triage/remainders.py": "triage/test_plan.py",
    "triage/upgrades.py": "triage/test_plan.py",
    "triage/assets.py": "triage/test_merge.py",
    "triage/clusters.py": "triage/test_merge.py",
    "triage/identifiers.py": "triage/test_merge.py",
    "triage/packages.py": "triage/test_merge.py",
    "triage/places.py": "triage/test_merge.py",
    "triage/summary.py": "services/test_conclude.py",
    "triage/vulnerabilities.py": "triage/test_merge.py",
}

LONGEST_FILE, USUAL_FILE = 400, 300
LONGEST_FUNCTION, USUAL_FUNCTION = 60, 40

FILES = sorted(SOURCE.rglob("*.py"))
# A step of the schema is a list of what it makes, written once and never read again.
STEPS = SOURCE / "vigie" / "stores" / "relational" / "migrations" / "versions"
# Made of the OpenAPI file, which is as long as the API is; nobody scrolls through these.
MADE = SOURCE / "vigie" / "client" / "made"
READ = [path for path in FILES if not {STEPS, MADE} & set(path.parents)]
PYTHON = [*FILES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").glob("*.py"))]


@cache
def nodes_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ExceptHandler]:
    """The functions and handlers of a file, read once for all tests."""
    looked_for = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ExceptHandler)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, looked_for)]


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in nodes_of(path) if not isinstance(node, ast.ExceptHandler)]


def has_code_to_test(path: Path) -> bool:
    """False for a file of mere declarations: no function, so nothing that can be wrong."""
    if path.parent == SOURCE / "vigie":
        return False  # the version, and `python -m vigie`
    if (SOURCE / "vigie" / "ports") in path.parents:
        return False  # protocols: each has a behaviour suite of its plugs
    return bool(functions_of(path))


def homes_of(path: Path) -> list[Path]:
    """Where the test of this file may lie: at its mirror, at its folder's, or in a plug suite.

    A small piece may also be tested by the test of its whole, or by one that imports it.
    """
    place = path.relative_to(SOURCE).parent
    inside = Path(*place.parts[1:])
    name = path.stem if path.stem != "__init__" else place.name
    mirror = TESTS / inside / f"test_{name}.py"
    folder = TESTS / inside.parent / f"test_{place.name}.py"
    suites = [ROOT / suite for home, suite in SUITES.items() if place.is_relative_to(home)]
    whole = PIECES.get((inside / path.name).as_posix())
    if whole:
        suites.append((ROOT if whole.startswith("tests/") else TESTS) / whole)
    return [mirror, folder, *suites]


@cache
def imported_by_tests() -> frozenset[str]:
    """Every module that a test imports from, and what these lie in."""
    names = {
        one.name
        for folder in (TESTS, ROOT / "tests" / "plugs", ROOT / "tests" / "integration")
        for test in folder.rglob("test_*.py")
        for one in imports(test.read_text(encoding="utf-8"), "tests")
    }
    return frozenset(
        ".".join(parts[:end])
        for parts in (name.split(".") for name in names)
        for end in range(1, len(parts) + 1)
    )


def is_tested(path: Path) -> bool:
    return any(home.is_file() for home in homes_of(path)) or (
        module_name(path) in imported_by_tests()
    )


def test_every_source_file_has_a_test() -> None:
    untested = [p for p in FILES if not is_tested(p) and has_code_to_test(p)]
    assert [f"write {homes_of(path)[0].relative_to(ROOT)}" for path in untested] == []


def test_a_file_without_a_test_is_caught() -> None:
    assert not is_tested(SOURCE / "vigie" / "services" / "of_no_test.py")


def test_files_stay_short() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in READ}
    too_long = {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > LONGEST_FILE}
    assert too_long == {}
    assert sum(n <= USUAL_FILE for n in lengths.values()) >= 0.95 * len(lengths)


def test_functions_stay_short() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno
        for path in READ
        for node in functions_of(path)
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}
    assert sum(n <= USUAL_FUNCTION for n in lengths.values()) >= 0.97 * len(lengths)


# The guards around third-party plugs, around jobs and duties, and the outermost one that shows a
# bug as a bug.
GUARDS = {
    "vigie/wiring/plugs.py",
    "vigie/wiring/careful.py",
    "vigie/faces/cli/guard.py",
    "vigie/faces/server/bugs.py",
    "vigie/services/isolation.py",  # one broken job or duty must not stop the others
}


def test_only_the_guards_catch_everything() -> None:
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in FILES
        for node in nodes_of(path)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    }
    assert found <= GUARDS


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    kind = handler.type
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(
        k is None or (isinstance(k, ast.Name) and k.id in ("Exception", "BaseException"))
        for k in kinds
    )


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "base", "manager", "misc"])
def test_no_file_is_named_after_nothing(name: str) -> None:
    assert [p for p in PYTHON if name in (p.stem, p.parent.name)] == []


# In pieces, so that this file does not break its own rule.
FOREIGN = re.compile(
    "|".join(
        (
            r"registry\.npm" + r"js\.org",
            r"registry\.yarn" + r"pkg\.com",
            r"(?<!//)(?<!www\.)py" + r"pi\.org/(simple|pypi)",
            r"files\.python" + r"hosted\.org",
            r"(deb|security|archive)\.(debian|ubuntu)\." + r"(org|com)",
            r"--(extra-)?index" + r"-url\s+http",
            r"--find" + r"-links\s",
            r"/opt/" + r"wheels",
            r"/wor" + r"k/(main|shared)",
            r"/ro" + r"ot/",
        )
    )
)


def tracked() -> Iterator[Path]:
    """Every file that is or will be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout: nothing says which files belong to it")
    yield from (ROOT / name for name in listed.stdout.split("\0") if name)


def test_no_file_names_a_registry_host_or_a_place_on_one_machine() -> None:
    found: list[str] = []
    for path in tracked():
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [
            f"{path.relative_to(ROOT)}:{number}: {match[0]}"
            for number, line in enumerate(text.splitlines(), 1)
            if (match := FOREIGN.search(line))
        ]
    assert found == []


def test_every_piece_is_there_still() -> None:
    gone = [piece for piece in PIECES if not (SOURCE / "vigie" / piece).is_file()]
    assert gone == []
