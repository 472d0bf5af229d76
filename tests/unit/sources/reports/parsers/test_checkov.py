from __future__ import annotations

import json
from typing import Any

from vigie.model.observations import FixState, Kind, Observation, Stance, Verdict
from vigie.model.runs import ProblemCode
from vigie.model.severity import Severity
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.checkov import PARSER
from vigie.sources.reports.reading import read_document


def read(check_type: str = "terraform", **results: Any) -> Report:
    text = json.dumps({"check_type": check_type, "results": results})
    (report,) = read_document(PARSER, document_from_bytes(text.encode()))
    return report


def observe(check_type: str = "terraform", **fields: Any) -> Observation:
    check = {"check_id": "CKV_1", "file_path": "/a.tf", "resource": "aws_s3_bucket.a", **fields}
    return read(check_type, failed_checks=[check]).observations[0]


def identity(seen: Observation) -> tuple[str, str, str]:
    place = seen.locations[0]
    return place.path, place.resource, place.anchor


def test_identity_survives_lines_shifted_by_ten() -> None:
    for check_type in ("terraform", "dockerfile", "secrets", "sast_python"):
        block = [[1, "a {\n"], [2, "}\n"]]
        moved = [[11, "a {\n"], [12, "}\n"]]
        here = observe(check_type, code_block=block, file_line_range=[1, 2])
        there = observe(check_type, code_block=moved, file_line_range=[11, 12])
        assert identity(here) == identity(there)
        assert here.locations[0].start_line == 1 and there.locations[0].start_line == 11


def test_instructions_of_a_dockerfile_are_told_apart_by_their_code() -> None:
    one = observe("dockerfile", resource="/Dockerfile.RUN", code_block=[[1, "RUN a\n"]])
    two = observe("dockerfile", resource="/Dockerfile.RUN", code_block=[[1, "RUN b\n"]])
    assert identity(one) != identity(two)


def test_without_a_severity_it_stays_unknown() -> None:
    assert observe(severity=None).severity is Severity.UNKNOWN


def test_secret_is_known_by_its_hash_and_its_text_is_not_kept() -> None:
    seen = observe("secrets", resource="ab" * 20, code_block=[[1, "hunter2\n"]],
                   details=["hunter2"])  # fmt: skip
    assert seen.kind is Kind.SECRET
    assert identity(seen) == ("a.tf", "", "ab" * 20)
    assert "hunter2" not in repr(seen)


def test_passed_and_skipped_checks_are_kept() -> None:
    check = {"check_id": "CKV_1", "check_result": {"suppress_comment": "on purpose"}}
    report = read(passed_checks=[check], skipped_checks=[check])
    passed, skipped = report.observations
    assert passed.verdict is Verdict.PASS and passed.claim is None
    assert skipped.verdict is Verdict.FAIL and skipped.claim is not None
    assert (skipped.claim.stance, skipped.claim.statement) == (Stance.SUPPRESSED, "on purpose")


def test_file_that_could_not_be_parsed_makes_the_run_partial() -> None:
    report = read(parsing_errors=["/broken.tf"])
    (problem,) = report.problems
    assert (problem.code, problem.where, problem.record) == (ProblemCode.REPORT, "/broken.tf", "")


def test_states_of_a_vulnerability_without_a_fix_are_kept_apart() -> None:
    def state(status: str) -> FixState:
        details = {"id": "CVE-2024-1", "package_name": "a", "status": status,
                   "lowest_fixed_version": "N/A", "fixed_versions": []}  # fmt: skip
        return observe("sca_image", vulnerability_details=details).fix.state

    assert state("open") is FixState.NOT_FIXED
    assert state("will not fix") is FixState.WILL_NOT_FIX
    assert state("deferred") is FixState.DEFERRED
    assert state("") is FixState.UNKNOWN


def test_summary_of_an_empty_scan_is_an_empty_report() -> None:
    text = b'{"passed": 0, "failed": 0, "skipped": 0, "checkov_version": "2.0.1"}'
    document = document_from_bytes(text)
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    assert (report.records, report.version, report.problems) == (0, "2.0.1", ())
