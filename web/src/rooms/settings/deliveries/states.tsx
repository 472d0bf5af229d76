import { State } from "@/pieces/State";
import { t } from "@/words/words";

const STATES: Record<string, () => string> = {
  waiting: () => t("Waits"),
  sending: () => t("Being sent"),
  done: () => t("Arrived"),
  retry: () => t("Tried again soon"),
  dead: () => t("Given up"),
  held: () => t("Held back for later"),
  cancelled: () => t("Cancelled"),
};
const MATTERS: Record<string, () => string> = {
  opened: () => t("Something new"),
  changed: () => t("A change"),
  resolved: () => t("Something closed"),
  digest: () => t("A digest"),
  test: () => t("A test"),
  ticket: () => t("A ticket"),
};

export const stateName = (state: string) => STATES[state]?.() ?? state;
export const matterName = (matter: string) => MATTERS[matter]?.() ?? matter;

/** How a delivery stands. */
export function DeliveryState({ state }: { state: string | undefined }) {
  return <State value={state} name={stateName(state ?? "")} />;
}
