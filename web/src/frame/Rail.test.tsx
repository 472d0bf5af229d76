import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { ROOMS } from "@/rooms/rooms";
import { speak } from "@/words/words";
import { Rail } from "./Rail";

beforeEach(() => speak("en"));

function drawn(may: (permission: string) => boolean, at = "/", isFolded = false) {
  const session = { can: may, me: { tenants: [] }, enter: vi.fn() };
  const { container } = render(
    <MantineProvider env="test">
      <MemoryRouter initialEntries={[at]}>
        <SessionFor value={session as never}>
          <Rail
            isFolded={isFolded}
            isSmall={false}
            isOut={false}
            onFold={vi.fn()}
            onAway={vi.fn()}
          />
        </SessionFor>
      </MemoryRouter>
    </MantineProvider>,
  );
  return [...container.querySelectorAll("nav li a")];
}

function names(may: (permission: string) => boolean, at = "/"): string[] {
  return drawn(may, at).map((link) => link.textContent ?? "");
}

const guarded = ROOMS.filter((room) => room.order > 0 && room.permission && !room.isFor);

test("a room is there for who has its permission", () => {
  const shown = names(() => true);
  for (const room of guarded) expect(shown).toContain(room.title());
});

test.each(guarded)("without $permission the room $id is not there", (room) => {
  expect(names((permission) => permission !== room.permission)).not.toContain(room.title());
});

test("of a room's screens those are there that one may open", () => {
  const settings = ROOMS.find((room) => room.id === "settings");
  const guardedScreen = settings?.screens.find((one) => one.inRail && one.permission);
  const title = guardedScreen?.title?.() ?? "";
  expect(title).not.toBe("");
  expect(names(() => true, settings?.path)).toContain(title);
  expect(names((one) => one !== guardedScreen?.permission, settings?.path)).not.toContain(title);
});

test.each([
  ["/", false, ["/"]],
  ["/settings", false, ["/settings"]],
  ["/settings/users", false, ["/settings/users"]],
  ["/settings/users", true, ["/settings"]],
  ["/imports", false, ["/imports"]],
  ["/imports", true, ["/scans"]],
  ["/assets/a1", false, ["/assets"]],
])("at %s one line alone says that one is there (folded: %s)", (at, isFolded, expected) => {
  const here = drawn(() => true, at, isFolded).filter((one) => one.hasAttribute("aria-current"));
  expect(here.map((one) => one.getAttribute("href"))).toEqual(expected);
});
