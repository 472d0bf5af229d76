import { Button } from "@mantine/core";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column } from "@/pieces/list/types";
import { Used, When } from "@/pieces/When";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { KeyDrawer } from "./KeyDrawer";
import { NewKey } from "./NewKey";
import { KeyState, scopeName } from "./scopes";

type Row = Shape<"ListedApiKey">;

/** Keys for machines. */
export default function Keys() {
  const { can } = useSession();
  const [making, setMaking] = useState(false);
  const make = can("api-keys:write") && (
    <Button leftSection={<KeyRound size={15} aria-hidden />} onClick={() => setMaking(true)}>
      {t("Make a key")}
    </Button>
  );
  return (
    <>
      <List<Row>
        noun="api-keys"
        title={t("API keys")}
        path="/api/v1/api-keys"
        columns={COLUMNS()}
        views={[
          { name: t("In use"), query: "revoked=false&sort=-created_at" },
          { name: t("Everything"), query: "sort=-created_at" },
        ]}
        rowName={(row) => row.name ?? ""}
        fields={["name", "scopes", "revoked", "expires_at", "last_used_at"]}
        hint={t("Name of a key")}
        actions={make}
        narrow={(row) => (
          <span className={styles.two}>
            <strong>{row.name}</strong>
            <span className="soft">
              {row.scopes?.map(scopeName).join(", ")} · <Used at={row.last_used_at} />
            </span>
          </span>
        )}
        drawer={(open) => <KeyDrawer key={open.id} {...open} />}
        empty={
          <Empty title={t("No keys yet")} step={make}>
            {t("A pipeline sends its reports with a key; each machine has one of its own.")}
          </Empty>
        }
      />
      {making && <NewKey onClose={() => setMaking(false)} />}
    </>
  );
}

const COLUMNS = (): Column<Row>[] => [
  {
    id: "name",
    title: t("Name"),
    fields: ["name"],
    width: 160,
    grow: 2,
    sort: "name",
    cell: (row) => <strong>{row.name}</strong>,
  },
  {
    id: "hint",
    title: t("Key"),
    fields: ["hint"],
    width: 130,
    cell: (row) => <span className="mono">{row.hint}</span>,
  },
  {
    id: "scopes",
    title: t("May"),
    fields: ["scopes"],
    width: 240,
    grow: 3,
    cell: (row) => row.scopes?.map(scopeName).join(", "),
  },
  {
    id: "last_used_at",
    title: t("Last used"),
    fields: ["last_used_at", "last_address"],
    width: 130,
    cell: (row) => (
      <span title={row.last_address}>
        <When at={row.last_used_at} />
      </span>
    ),
  },
  {
    id: "state",
    title: t("Status"),
    fields: ["revoked", "expires_at"],
    width: 190,
    cell: (row) => <KeyState row={row} />,
  },
  {
    id: "created_at",
    title: t("Made"),
    fields: ["created_at"],
    width: 120,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
];
