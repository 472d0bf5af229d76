import { Button } from "@mantine/core";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { COLUMNS, FACETS, type Row, VIEWS } from "./columns";
import { Invite } from "./Invite";
import { roleName } from "./roles";
import { UserDrawer } from "./UserDrawer";

/** Who works in this tenant. */
export default function Users() {
  const { can } = useSession();
  const [inviting, setInviting] = useState(false);
  const invite = can("users:write") && (
    <Button leftSection={<UserPlus size={15} aria-hidden />} onClick={() => setInviting(true)}>
      {t("Invite somebody")}
    </Button>
  );
  return (
    <>
      <List<Row>
        noun="users"
        title={t("People")}
        path="/api/v1/users"
        columns={COLUMNS()}
        facets={FACETS()}
        views={VIEWS()}
        rowName={(row) => row.name || row.email || ""}
        fields={["email", "name", "role", "disabled"]}
        hint={t("Name or address, or role:analyst")}
        actions={invite}
        narrow={(row) => (
          <span className={styles.two}>
            <strong>{row.name || row.email}</strong>
            <span className="soft">
              {roleName(row.role ?? "")} · {row.email}
            </span>
          </span>
        )}
        drawer={(open) => <UserDrawer key={open.id} {...open} />}
        empty={
          <Empty title={t("Nobody works here yet")} step={invite}>
            {t("Whoever is invited chooses a password by a link that works once.")}
          </Empty>
        }
      />
      {inviting && <Invite onClose={() => setInviting(false)} />}
    </>
  );
}
