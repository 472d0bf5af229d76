import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test } from "vitest";
import { speak } from "@/words/words";
import { Drawer } from "./Drawer";

beforeEach(() => speak("en"));

/** How many lines its head has: what leads away, the title, how it stands. */
function lines(given: { state?: ReactNode }): number {
  const { container } = render(
    <MantineProvider env="test">
      <Drawer title="Shop" onClose={() => undefined} {...given}>
        all of it
      </Drawer>
    </MantineProvider>,
  );
  return container.querySelector("header")?.children.length ?? 0;
}

test("what has no state has no line for it", () => {
  expect(lines({})).toBe(2);
  expect(lines({ state: null })).toBe(2);
  expect(lines({ state: false })).toBe(2);
});

test("a state that is not known yet has its line already, so that nothing jumps", () => {
  expect(lines({ state: undefined })).toBe(3);
  expect(lines({ state: "Done" })).toBe(3);
});
