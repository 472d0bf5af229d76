/** Which lists an event makes stale. The first element of a queryKey is the word of the API's
 * address: ["findings", …] for /api/v1/findings…. */

/** By the first word of an event's kind. What is not named here touches the list of its name. */
const TOUCHES: Record<string, string[]> = {
  finding: ["findings", "assets", "overview", "plans", "suppressions"],
  import: ["imports", "findings", "assets", "components", "overview", "plans", "runs"],
  scan: ["scans", "imports", "findings", "assets", "components", "overview", "plans", "runs"],
  vex: ["findings", "assets", "suppressions", "overview", "plans"],
  waiver: ["findings", "assets", "suppressions", "overview", "plans"],
  policy: ["policies"],
  // A ticket is opened and looked at by deliveries.
  delivery: ["deliveries", "tickets"],
};

/** Of a job, by its kind: the list that shows its state. */
const WORK: Record<string, string[]> = {
  import: ["imports"],
  scan: ["scans", "imports"],
  report: ["reports"],
  judge: ["findings", "assets", "overview", "plans"],
};

/** What a stream told last of each job: its progress changes often, its state seldom. */
export class Touching {
  private readonly states = new Map<string, string>();

  /** The words of the lists that this event makes stale; `data` is the event as JSON. */
  by(kind: string, data: string): string[] {
    const word = kind.split(".")[0] ?? "";
    if (word !== "job") return TOUCHES[word] ?? [`${word}s`];
    const { id, work, state } = told(data);
    if (this.states.get(id) === state) return ["jobs"];
    this.states.set(id, state);
    return ["jobs", ...(WORK[work] ?? [])];
  }
}

function told(data: string): { id: string; work: string; state: string } {
  try {
    const event = JSON.parse(data) as {
      subject_id?: string;
      document?: { kind?: string; state?: string };
    };
    const { kind = "", state = "" } = event.document ?? {};
    return { id: event.subject_id ?? "", work: kind, state };
  } catch {
    return { id: "", work: "", state: "" };
  }
}
