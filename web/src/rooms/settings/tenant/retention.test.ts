import { expect, test } from "vitest";
import { changedDays } from "./retention";

test("what is typed is set, what is emptied is the operator's again", () => {
  expect(changedDays({ events: 90, jobs: null }, { findings: 30 })).toEqual({
    events: 90,
    findings: 30,
  });
  expect(changedDays({ events: 90 }, { events: undefined })).toEqual({});
});

test("nothing typed changes nothing", () => {
  expect(changedDays({ events: 90 }, {})).toBeUndefined();
  expect(changedDays({ events: 90 }, { events: 90 })).toBeUndefined();
  expect(changedDays({ jobs: null }, { jobs: undefined })).toBeUndefined();
});
