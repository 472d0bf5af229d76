import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { expect, test } from "vitest";
import { type Me, SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import SettingsRoom from "./SettingsRoom";

function show(...permissions: string[]) {
  speak("en");
  const session = {
    me: { permissions } as Me,
    can: (permission: string) => permissions.includes(permission),
    signOut: async () => undefined,
    enter: () => undefined,
  };
  render(
    <SessionFor value={session}>
      <MemoryRouter>
        <SettingsRoom />
      </MemoryRouter>
    </SessionFor>,
  );
  return screen.getAllByRole("link").map((link) => link.getAttribute("href"));
}

test("what one may not see is not there; one's own account always is", () => {
  expect(show("jobs:read")).toEqual(["/settings/account", "/settings/jobs"]);
});

test("tenants are for whoever may make them", () => {
  expect(show("tenants:read")).not.toContain("/settings/tenants");
});

test("a super-admin finds them", () => {
  expect(show("tenants:write")).toContain("/settings/tenants");
});
