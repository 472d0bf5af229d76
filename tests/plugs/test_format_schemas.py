"""Our output against the schemas of the formats, wherever a schema can be had."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from jsonschema.protocols import Validator
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding  # type: ignore[import-untyped]
from py_ocsf_models.events.findings.detection_finding import DetectionFinding  # type: ignore[import-untyped]
from py_ocsf_models.objects.finding_info import FindingInformation  # type: ignore[import-untyped]
from py_ocsf_models.objects.metadata import Metadata  # type: ignore[import-untyped]
from py_ocsf_models.objects.resource_details import ResourceDetails  # type: ignore[import-untyped]
from py_ocsf_models.objects.vulnerability_details import VulnerabilityDetails  # type: ignore[import-untyped]
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from tests.plugs.gitlab_form import form
from tests.plugs.sample_result import empty, english, french, many, rich
from tests.plugs.test_outlets import all_set_aside, write
from vigie.model.results import Result

every_result = pytest.mark.parametrize("make", [rich, all_set_aside, lambda: many(40), empty],
                                       ids=["rich", "set aside", "many", "empty"])  # fmt: skip
Make = Callable[[], Result]


def validator(schema: dict[str, Any]) -> Validator:
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def faults(schema: dict[str, Any], data: bytes) -> list[str]:
    found = validator(schema).iter_errors(json.loads(data))
    return [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in found]


def schema(corpus: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((corpus / "schemas" / name).read_bytes())
    return found


@pytest.mark.corpus
@every_result
def test_sarif_is_valid(make: Make, corpus: Path) -> None:
    parts = write("sarif", make(), french())
    assert [faults(schema(corpus, "sarif-2.1.0.schema.json"), data) for data in parts.values()] == [
        [] for _ in parts
    ]


@pytest.mark.corpus
@pytest.mark.parametrize("make", [rich, all_set_aside, lambda: many(40)])
def test_openvex_is_valid(make: Make, corpus: Path) -> None:
    data = write("openvex", make(), french())[""]
    assert faults(schema(corpus, "openvex-0.2.0.schema.json"), data) == []


@pytest.mark.corpus
def test_openvex_of_nothing_breaks_one_rule_alone(corpus: Path) -> None:
    """The schema wants a statement at least; where there is none to make, none is invented."""
    data = write("openvex", empty(), english())[""]
    found = faults(schema(corpus, "openvex-0.2.0.schema.json"), data)
    assert [text.partition(":")[0] for text in found] == ["statements"]


@every_result
def test_spdx_is_valid(make: Make) -> None:
    document = JsonLikeDictParser().parse(json.loads(write("spdx", make(), french())[""]))  # type: ignore[no-untyped-call]
    assert [fault.validation_message for fault in validate_full_spdx_document(document)] == []


@every_result
def test_cyclonedx_is_valid(make: Make) -> None:
    text = write("cyclonedx", make(), french())[""].decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


@every_result
@pytest.mark.parametrize(
    ("name", "scan"),
    [
        ("gitlab-container", "container_scanning"),
        ("gitlab-dependency", "dependency_scanning"),
        ("gitlab-sast", "sast"),
    ],
)
def test_gitlab_reports_keep_to_the_documentation(name: str, scan: str, make: Make) -> None:
    assert faults(form(scan), write(name, make(), french())[""]) == []


@every_result
def test_ocsf_events_have_what_their_class_demands(make: Make) -> None:
    for event in json.loads(write("ocsf", make(), french())[""]):
        for member in ("activity_id", "category_uid", "class_uid", "severity_id", "time",
                       "type_uid", "metadata"):  # fmt: skip
            assert member in event, member
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert isinstance(event["time"], int)
        Metadata.model_validate(event["metadata"])
        FindingInformation.model_validate(event["finding_info"])
        for resource in event["resources"]:
            ResourceDetails.model_validate(resource)
        if event["class_uid"] == 2003:
            ComplianceFinding.model_validate(event)
        elif event["class_uid"] == 2004:
            DetectionFinding.model_validate(event)
        else:
            assert event["class_uid"] == 2002
            for flaw in event["vulnerabilities"]:
                assert flaw.get("cve") or flaw.get("advisory")
                VulnerabilityDetails.model_validate(flaw)


@pytest.mark.corpus
@pytest.mark.parametrize("case", ["vex.json"])
def test_our_own_csaf_sample_is_csaf(case: str, corpus: Path) -> None:
    """So that the parser's test reads what the standard means, not what we think it means."""
    sample = Path(__file__).parent.parent / "golden" / "reports" / "csaf" / case
    found = faults(_without_references(schema(corpus, "csaf-2.0.schema.json")), sample.read_bytes())
    assert found == []


def _without_references(value: Any) -> Any:
    """The schema without the CVSS schemas it refers to by address: nothing is fetched here."""
    if isinstance(value, dict):
        if str(value.get("$ref", "")).startswith("https://"):
            return {}
        return {key: _without_references(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_references(item) for item in value]
    return value
