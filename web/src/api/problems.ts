/** What went wrong, as the API says it (RFC 9457), or as it never came to an answer. */
import { t } from "@/words/words";
import type { components } from "./made/schema";

export type ProblemDocument = components["schemas"]["Problem"];

export class Problem extends Error {
  readonly word: string;
  readonly status: number;
  readonly title: string;
  readonly hint: string;
  readonly requestId: string;
  readonly errors: { field: string; detail: string }[];
  /** Seconds after which it is worth trying again, 0 when the server did not say. */
  readonly after: number;

  constructor(said: Partial<ProblemDocument>, after = 0) {
    super(said.detail ?? "");
    this.word = (said.type ?? "").split(":").pop() ?? "";
    this.status = said.status ?? 0;
    this.title = said.title ?? t("Something went wrong");
    this.hint = said.hint ?? "";
    this.requestId = said.request_id ?? "";
    this.errors = said.errors ?? [];
    this.after = after;
  }
}

/** The problem in an answer that is none of success. */
export function problemOf(body: unknown, response: Response): Problem {
  const after = Number(response.headers.get("retry-after")) || 0;
  if (typeof body === "object" && body !== null && "title" in body) {
    return new Problem(body as Partial<ProblemDocument>, after);
  }
  return new Problem({
    status: response.status,
    title: t("The server gave no proper answer"),
    detail: `HTTP ${response.status}`,
    hint: t("Something between you and Vigie may have answered instead. Try again."),
  });
}

/** The server could not be reached at all. */
export function unreachable(): Problem {
  return new Problem({
    type: "urn:vigie:problem:unreachable",
    title: t("Vigie does not answer"),
    detail: t("Your browser could not reach the server."),
    hint: t("Check your connection; what you see stays, and nothing was changed."),
  });
}

/** The session ended before a change was made: it has to be made again. */
export function sessionEnded(): Problem {
  return new Problem({
    type: "urn:vigie:problem:session-ended",
    status: 401,
    title: t("Your last change was not made"),
    detail: t("Your session had ended when you made it."),
    hint: t("Sign in: you come back to the same view. Then make the change again."),
  });
}

/** Anything that was thrown, as something that can be shown. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem({
    type: "urn:vigie:problem:bug",
    title: t("This is a bug in the screens of Vigie"),
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    hint: t("Reload the page. If it comes back, report it with what you did."),
  });
}
