import { afterEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problems";
import { download, nameOf } from "./download";

afterEach(() => vi.unstubAllGlobals());

test("a file is saved under the server's name, whole where it is said twice", () => {
  expect(nameOf(`attachment; filename="caf-.pdf"; filename*=UTF-8''caf%C3%A9.pdf`)).toBe(
    "café.pdf",
  );
  expect(nameOf('attachment; filename="shop.pdf"')).toBe("shop.pdf");
  expect(nameOf(null)).toBe("");
});

test("what the server refuses is a problem, and nothing is saved", async () => {
  const saved = vi.spyOn(HTMLAnchorElement.prototype, "click");
  const body = { title: "Not there", detail: "no such report", status: 404 };
  vi.stubGlobal("fetch", async () => Response.json(body, { status: 404 }));
  await expect(download("/api/v1/reports/1/file", "x")).rejects.toBeInstanceOf(Problem);
  expect(saved).not.toHaveBeenCalled();
});
