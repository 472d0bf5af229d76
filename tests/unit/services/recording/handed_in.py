"""Reports handed in, and the jobs that take them in."""

from __future__ import annotations

import io
import json
from typing import Any

from tests.unit.services.recording.world import World

from vigie.model.errors import VigieError
from vigie.ports.queues import WorkItem
from vigie.services import files, jobs
from vigie.services.imports import KIND, ImportOptions, accept, find, run_import
from vigie.services.jobs import Job
from vigie.services.progress import Progress


def grype_report(*names: str, target: str = "registry.example/shop:1.0") -> bytes:
    """What Grype writes when it finds these flaws, each in a package of its own."""
    matches = [
        {
            "vulnerability": {"id": name, "severity": "High"},
            "artifact": {"name": f"pkg-{name.lower()}", "version": "1.0", "type": "npm",
                         "purl": f"pkg:npm/pkg-{name.lower()}@1.0",
                         "locations": [{"path": "/app/package.json"}]},
        }
        for name in names
    ]  # fmt: skip
    return json.dumps({
        "matches": matches,
        "descriptor": {"name": "grype", "version": "0.80.0"},
        "source": {"type": "image", "target": {"userInput": target, "imageID": "", "tags": []}},
    }).encode()  # fmt: skip


def hand_in(made: World, body: bytes, *, name: str = "report.json", **options: Any) -> str:
    """Accept a body; the import's id."""
    with made.platform.database.begin(made.person.scope) as work:
        file = files.save(work, io.BytesIO(body), at=made.clock.now, name=name)
        number, _ = accept(work, made.platform, made.person, file, ImportOptions(**options))
    return number


def job_of(made: World, import_id: str) -> Job:
    """The import's job, in a worker's hands."""
    row = find(made.platform, made.caller, import_id)
    job = jobs.claim(made.platform, WorkItem(KIND, made.caller.tenant, row["job_id"]))
    assert job is not None
    return job


def take_in(made: World, import_id: str) -> dict[str, Any]:
    """Run the job as a worker does; the import's row afterwards."""
    job = job_of(made, import_id)
    try:
        run_import(made.platform, job, Progress())
    except VigieError as error:
        jobs.fail(made.platform, job, error, again=False)
        raise
    return find(made.platform, made.caller, import_id)
