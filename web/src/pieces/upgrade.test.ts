import { expect, test } from "vitest";
import { upgrade } from "./upgrade";

test("the command is that of the package manager", () => {
  expect(upgrade("npm", "@scope/left-pad", "1.3.0")).toBe("npm install @scope/left-pad@1.3.0");
  expect(upgrade("golang", "golang.org/x/net", "0.17.0")).toBe("go get golang.org/x/net@v0.17.0");
  expect(upgrade("deb", "libssl3", "3.0.15-1~deb12u1")).toContain("libssl3");
});

test("what a report names never becomes part of a command unless it is decent", () => {
  expect(upgrade("npm", "x; rm -rf ~", "1")).toBe("");
  expect(upgrade("npm", "--registry=evil", "1")).toBe("");
  expect(upgrade("deb", "$(id)", "1")).toBe("");
  expect(upgrade("npm", "x", "1 && id")).toBe("");
  expect(upgrade("maven", "org:name", "1")).toBe("");
});
