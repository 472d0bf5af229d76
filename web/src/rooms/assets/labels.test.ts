import { expect, test } from "vitest";
import { labelsOf, labelsSaid } from "./labels";

test("labels are read as they are said", () => {
  expect(labelsOf("env=prod, team = web,alone,, =x")).toEqual({
    env: "prod",
    team: "web",
    alone: "",
  });
  expect(labelsOf("url=http://a?b=c")).toEqual({ url: "http://a?b=c" });
  expect(labelsOf(labelsSaid({ env: "prod", alone: "" }))).toEqual({ env: "prod", alone: "" });
});
