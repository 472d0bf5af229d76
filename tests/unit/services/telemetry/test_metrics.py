"""What is counted comes out in Prometheus' form, of one process or of many."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from vigie.services.telemetry import metrics
from vigie.services.telemetry.metrics import registry_of

COUNTING = """
import sys
from vigie.services.telemetry import metrics
metrics.job_left("scan", "done", 2.0)
metrics.JOBS_RUNNING.labels("scan").inc()
if sys.argv[1:] == ["show"]:
    from prometheus_client.exposition import generate_latest
    print(generate_latest(metrics.registry_of()).decode())
"""


def sample(text: str, name: str, **labels: str) -> float | None:
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            if one.name == name and labels.items() <= one.labels.items():
                return float(one.value)
    return None


def shown() -> str:
    return generate_latest(registry_of()).decode()


def test_a_job_is_counted_and_timed() -> None:
    before = sample(shown(), "vigie_jobs_total", kind="probe", outcome="retry") or 0.0
    metrics.job_left("probe", "retry", 3.0)
    text = shown()
    assert sample(text, "vigie_jobs_total", kind="probe", outcome="retry") == before + 1
    assert sample(text, "vigie_job_duration_seconds_bucket", kind="probe", le="5.0")


def test_an_import_counts_findings_by_what_became_of_them() -> None:
    before = sample(shown(), "vigie_import_findings_total", change="new") or 0.0
    metrics.imported({"new": 7, "closed": 2, "runs": {"complete": 1}})
    assert sample(shown(), "vigie_import_findings_total", change="new") == before + 7


def test_processes_that_share_a_folder_tell_their_sum(tmp_path: Path) -> None:
    environ = {**os.environ, metrics.SHARED: str(tmp_path)}

    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", COUNTING, *arguments], env=environ, check=True, text=True,
            capture_output=True,
        ).stdout  # fmt: skip

    run()
    run()
    text = run("show")
    assert sample(text, "vigie_jobs_total", kind="scan", outcome="done") == 3
    assert sample(text, "vigie_job_duration_seconds_sum", kind="scan") == 6
    assert "Jobs that left a worker" in text


def test_no_label_names_a_tenant() -> None:
    for metric in metrics._OWN.collect():
        for one in metric.samples:
            assert not {"tenant", "tenant_id", "user"} & set(one.labels)
