/** The typed client of Vigie's API, with what a browser's session needs. */
import createClient from "openapi-fetch";
import { language } from "@/words/words";
import type { components, paths } from "./made/schema";
import { Problem, problemOf, sessionEnded, unreachable } from "./problems";

export type Shape<Name extends keyof components["schemas"]> = components["schemas"][Name];

const TENANT = "vigie-tenant";
const FIRST_DOOR = /\/api\/v1\/auth\/(?!sign-out)/;
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

let whenSignedOut: (lost: Problem | undefined) => void = () => undefined;
let refreshing: Promise<boolean> | undefined;

/** Called once the session is over and cannot be had back without signing in; with a problem when
 * a change was asked for that is not made. */
export function onSignedOut(then: (lost: Problem | undefined) => void): void {
  whenSignedOut = then;
}

/** The tenant that this tab works in; "" for the one of the session. */
export function tenant(): string {
  return sessionStorage.getItem(TENANT) ?? "";
}

export function chooseTenant(id: string): void {
  if (id) sessionStorage.setItem(TENANT, id);
  else sessionStorage.removeItem(TENANT);
}

/** fetch with the session's cookies, its proof, the language and the tenant; a session that ran
 * out is renewed once. Throws Problem when nobody answers. */
export async function vigieFetch(asked: Request): Promise<Response> {
  const again = asked.clone();
  const answer = await send(asked);
  if (answer.status !== 401 || FIRST_DOOR.test(asked.url)) return answer;
  if (await renew()) return send(again);
  const lost = SAFE.has(asked.method) ? undefined : sessionEnded();
  whenSignedOut(lost);
  if (lost) throw lost;
  return answer;
}

async function send(asked: Request): Promise<Response> {
  const request = new Request(asked);
  request.headers.set("Accept-Language", language());
  if (tenant() && !FIRST_DOOR.test(request.url)) request.headers.set("Vigie-Tenant", tenant());
  if (!SAFE.has(request.method)) request.headers.set("X-CSRF-Token", csrf());
  try {
    return await fetch(request);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
    throw unreachable();
  }
}

/** Ask for new tokens; several that ask at once share one answer, also across tabs. */
async function renew(): Promise<boolean> {
  refreshing ??= alone(async () => {
    const asked = new Request(new URL("/api/v1/auth/refresh", location.origin), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    return (await send(asked)).ok;
  }).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function alone(work: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks ? await navigator.locks.request("vigie-refresh", work) : work();
}

function csrf(): string {
  const found = document.cookie
    .split("; ")
    .map((one) => one.split("="))
    .find(([name]) => name?.endsWith("vigie-csrf") || name === "vigie-development-csrf");
  return found?.slice(1).join("=") ?? "";
}

export const api = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "" : location.origin,
  fetch: vigieFetch,
  querySerializer: written,
});

api.use({
  onRequest({ request }) {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    return request;
  },
});

/** What an answer holds. Throws Problem:
 * `const me = await held(api.GET("/api/v1/me"));` */
export async function held<Data>(
  asked: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await asked;
  if (response.ok) return data as Data;
  throw problemOf(error, response);
}

/** The header that refuses a change of something older than what was read. */
export function ifMatch(revision: number | null | undefined): { "if-match"?: string } {
  return revision === null || revision === undefined ? {} : { "if-match": `"${revision}"` };
}

function written(query: Record<string, unknown>): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === "") continue;
    said.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  return said.toString();
}

/** Send a form with files, and tell how far it is (0 to 1), which fetch cannot. Throws Problem. */
export async function upload<Data>(
  path: string,
  form: FormData,
  told: (share: number) => void,
  key: string = crypto.randomUUID(),
): Promise<Data> {
  let answer = await uploaded(path, form, told, key);
  if (answer.status === 401) {
    if (!(await renew())) {
      const lost = sessionEnded();
      whenSignedOut(lost);
      throw lost;
    }
    answer = await uploaded(path, form, told, key);
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw problemOf(body, answer);
  return body as Data;
}

function uploaded(
  path: string,
  form: FormData,
  told: (share: number) => void,
  key: string,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Accept-Language", language());
    request.setRequestHeader("X-CSRF-Token", csrf());
    request.setRequestHeader("Idempotency-Key", key);
    if (tenant()) request.setRequestHeader("Vigie-Tenant", tenant());
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) told(event.loaded / event.total);
    };
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      const headers = { "retry-after": request.getResponseHeader("retry-after") ?? "" };
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.send(form);
  });
}

/** Whether asking again may help: not when the request itself was wrong. */
export function mayTryAgain(count: number, thrown: unknown): boolean {
  if (!(thrown instanceof Problem)) return false;
  return count < 2 && (thrown.status === 0 || thrown.status >= 502 || thrown.status === 429);
}
