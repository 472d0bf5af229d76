import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { api, chooseTenant, held, ifMatch, onSignedOut } from "./client";
import { Problem } from "./problems";

const asked: Request[] = [];
let answers: (request: Request) => Response;

beforeEach(() => {
  asked.length = 0;
  speak("fr");
  chooseTenant("");
  // biome-ignore lint/suspicious/noDocumentCookie: as the server sets it
  document.cookie = "vigie-development-csrf=proof";
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(request);
    return answers(request);
  });
});
afterEach(() => vi.unstubAllGlobals());

const refused = () =>
  Response.json(
    { type: "urn:vigie:problem:not-signed-in", title: "Sign in first", status: 401 },
    { status: 401 },
  );

test("a request says its language and tenant; what only reads shows no proof", async () => {
  answers = () => Response.json({ id: "1" });
  chooseTenant("acme");
  await held(api.GET("/api/v1/me"));
  expect(asked[0]?.headers.get("Accept-Language")).toBe("fr");
  expect(asked[0]?.headers.get("Vigie-Tenant")).toBe("acme");
  expect(asked[0]?.headers.get("X-CSRF-Token")).toBeNull();
});

test("what changes something shows the proof, and a word of its own when it creates", async () => {
  answers = () => Response.json({});
  const body = { body: "text" };
  const params = { path: { finding_id: "1" } };
  await held(api.POST("/api/v1/findings/{finding_id}/comments", { params, body }));
  await held(api.POST("/api/v1/findings/{finding_id}/comments", { params, body }));
  expect(asked[0]?.headers.get("X-CSRF-Token")).toBe("proof");
  const words = asked.map((request) => request.headers.get("Idempotency-Key"));
  expect(words[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(words[0]).not.toBe(words[1]);
});

test("a session that ran out is renewed once, and the same is asked again", async () => {
  let isRenewed = false;
  answers = (request) => {
    if (request.url.endsWith("/auth/refresh")) {
      isRenewed = true;
      return Response.json({});
    }
    return isRenewed ? Response.json({ id: "1" }) : refused();
  };
  const both = await Promise.all([held(api.GET("/api/v1/me")), held(api.GET("/api/v1/roles"))]);
  expect(both).toHaveLength(2);
  expect(asked.filter((request) => request.url.endsWith("/auth/refresh"))).toHaveLength(1);
});

test("a session that is over leads to the sign-in", async () => {
  answers = refused;
  const over = vi.fn();
  onSignedOut(over);
  await expect(held(api.GET("/api/v1/me"))).rejects.toMatchObject({
    status: 401,
    word: "not-signed-in",
  });
  expect(over).toHaveBeenCalledExactlyOnceWith(undefined);
});

test("a change that the end of the session took is said to be lost", async () => {
  answers = refused;
  const over = vi.fn();
  onSignedOut(over);
  const lost = { status: 401, word: "session-ended" };
  const params = { path: { finding_id: "1" } };
  const body = { body: "text" };
  await expect(
    held(api.POST("/api/v1/findings/{finding_id}/comments", { params, body })),
  ).rejects.toMatchObject(lost);
  expect(over).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(lost));
});

test("a wrong password is no session that ran out", async () => {
  answers = refused;
  const over = vi.fn();
  onSignedOut(over);
  const body = { email: "a", password: "b", cookies: true, tenant: "" };
  await expect(held(api.POST("/api/v1/auth/sign-in", { body }))).rejects.toBeInstanceOf(Problem);
  expect(over).not.toHaveBeenCalled();
  expect(asked).toHaveLength(1);
});

test("a server that does not answer, and one that answers nonsense, are problems too", async () => {
  answers = () => {
    throw new TypeError("network");
  };
  await expect(held(api.GET("/api/v1/me"))).rejects.toMatchObject({ word: "unreachable" });
  answers = () => new Response("<html>", { status: 502 });
  await expect(held(api.GET("/api/v1/me"))).rejects.toMatchObject({ status: 502 });
});

test("a revision becomes an entity tag", () => {
  expect(ifMatch(7)).toEqual({ "if-match": '"7"' });
  expect(ifMatch(null)).toEqual({});
});
