import { expect, test } from "vitest";
import { Touching } from "./touching";

const job = (state: string, kind = "scan", id = "j1") =>
  JSON.stringify({ kind: "job.changed", subject_id: id, document: { kind, state } });

test("what was found makes the findings, the assets and the first screen anew", () => {
  const touched = new Touching().by("finding.new", "{}");
  expect(touched).toEqual(expect.arrayContaining(["findings", "assets", "overview", "plans"]));
});

test("a kind that is not known touches the list of its name", () => {
  expect(new Touching().by("channel.changed", "{}")).toEqual(["channels"]);
  expect(new Touching().by("delivery.changed", "{}")).toEqual(["deliveries", "tickets"]);
});

test("a policy that somebody changed is read anew, and so is the log of a scan that grew", () => {
  expect(new Touching().by("policy.changed", "{}")).toEqual(["policies"]);
  expect(new Touching().by("scan_log.changed", "{}")).toEqual(["scan_logs"]);
});

test("a job touches the list of its work when its state changes, not with its progress", () => {
  const touching = new Touching();
  expect(touching.by("job.changed", job("queued"))).toEqual(["jobs", "scans", "imports"]);
  expect(touching.by("job.changed", job("queued"))).toEqual(["jobs"]);
  expect(touching.by("job.changed", job("running"))).toContain("scans");
  expect(touching.by("job.changed", job("running", "import", "j2"))).toContain("imports");
});

test("an event that cannot be read still touches the jobs", () => {
  expect(new Touching().by("job.changed", "{half")).toContain("jobs");
});
