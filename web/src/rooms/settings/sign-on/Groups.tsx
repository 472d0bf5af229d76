import { Button, CloseButton, Select, TextInput } from "@mantine/core";
import { Plus } from "lucide-react";
import { t } from "@/words/words";
import { roleName } from "../users/roles";
import { type Given, isTwice, type Role } from "./provider";
import styles from "./sign-on.module.css";

interface Props {
  given: readonly Given[];
  /** The roles that may be given. */
  givable: readonly Role[];
  /** What the server says of it. */
  error: string | undefined;
  onGiven: (given: Given[]) => void;
}

/** Which group of the provider gets which role: a line each. */
export function Groups({ given, givable, error, onGiven }: Props) {
  const change = (at: number, values: Partial<Given>) =>
    onGiven(given.map((one, place) => (place === at ? { ...one, ...values } : one)));
  return (
    <fieldset className={styles.groups}>
      <legend>{t("Roles of the provider's groups")}</legend>
      <p className="soft">
        {t("Names are compared exactly. Whoever is in several groups gets the highest role.")}
      </p>
      {given.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name until it is typed
        <div key={at} className={styles.group}>
          <TextInput
            aria-label={t("Group {number}", { number: at + 1 })}
            placeholder={t("Group")}
            maxLength={320}
            value={one.group}
            error={isTwice(given, at) && t("This group stands above already.")}
            onChange={(event) => change(at, { group: event.currentTarget.value })}
          />
          <Select
            aria-label={t("Role of group {number}", { number: at + 1 })}
            allowDeselect={false}
            value={one.role}
            data={choices(givable, one.role)}
            onChange={(next) => next && change(at, { role: next as Role })}
          />
          <CloseButton
            aria-label={t("Take group {number} away", { number: at + 1 })}
            onClick={() => onGiven(given.filter((_, place) => place !== at))}
          />
        </div>
      ))}
      {error && <p role="alert">{error}</p>}
      <Button
        size="xs"
        variant="default"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => onGiven([...given, { group: "", role: lowest(givable) }])}
      >
        {t("Add a group")}
      </Button>
    </fieldset>
  );
}

const lowest = (givable: readonly Role[]) => givable.at(-1) ?? "viewer";

/** What may be chosen; what is there already stays, also where one may not give it. */
export function choices(givable: readonly Role[], now: Role | "") {
  const all = now && !givable.includes(now) ? [now, ...givable] : givable;
  return all.map((role) => ({ value: role as string, label: roleName(role) }));
}
