"""Reports as pipelines hand them in: Trivy's, of an image with as many flaws as one asks for."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from bench.company.data import STACKS, WORDS

_EACH = 4  # flaws of one package
_SEVERITIES = ("LOW", "MEDIUM", "MEDIUM", "HIGH", "CRITICAL")


def image_report(path: Path, image: str, findings: int) -> None:
    """Write the report of an image with so many findings."""
    chance = random.Random(image)
    flaws = [_flaw(chance, number) for number in range(findings)]
    report = {
        "SchemaVersion": 2,
        "ArtifactName": image,
        "ArtifactType": "container_image",
        "Metadata": {"OS": {"Family": "debian", "Name": "12.5"}, "RepoTags": [image]},
        "Results": [
            {"Target": f"{image} (debian 12.5)", "Class": "os-pkgs", "Type": "debian",
             "Vulnerabilities": flaws}
        ],
    }  # fmt: skip
    path.write_text(json.dumps(report), encoding="utf-8")


def _flaw(chance: random.Random, number: int) -> dict[str, Any]:
    name = f"lib{chance.choice(STACKS)}-{WORDS[number // _EACH % len(WORDS)]}{number // _EACH}"
    version = f"1.{number // _EACH % 40}.2-3"
    advisory = f"CVE-{2015 + number % 10}-{20_000 + number}"
    severity = chance.choice(_SEVERITIES)
    return {
        "VulnerabilityID": advisory, "PkgID": f"{name}@{version}", "PkgName": name,
        "PkgIdentifier": {"PURL": f"pkg:deb/debian/{name}@{version}?arch=amd64&distro=debian-12.5"},
        "InstalledVersion": version, "FixedVersion": f"{version}+deb12u1", "Status": "fixed",
        "Layer": {"DiffID": f"sha256:{number:064x}"}, "SeveritySource": "nvd",
        "PrimaryURL": f"https://avd.aquasec.com/nvd/{advisory.lower()}",
        "Title": f"{name}: what an attacker may do with it, in one line",
        "Description": "What it is and who can use it against you, at some length. " * 8,
        "Severity": severity, "CweIDs": ["CWE-787"], "VendorSeverity": {"nvd": 3, "redhat": 2},
        "CVSS": {"nvd": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H",
                         "V3Score": 8.8}},
        "References": [f"https://advisories.example/{advisory}/{n}" for n in range(3)],
        "PublishedDate": "2024-02-13T16:15:00Z", "LastModifiedDate": "2024-07-03T01:47:00Z",
    }  # fmt: skip
