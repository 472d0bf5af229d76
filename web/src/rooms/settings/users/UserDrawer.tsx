import { Button, Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { OnOff } from "@/pieces/State";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { Dialog, Once } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { SecondFactor } from "./columns";
import { useGivable } from "./Invite";
import { roleName, roleSays } from "./roles";
import { TheirSessions } from "./TheirSessions";

type User = Shape<"User">;

/** One person: role, state, sessions. */
export function UserDrawer({ id, ...open }: OpenRow) {
  const { can } = useSession();
  const found = useQuery({
    queryKey: ["users", "one", id],
    queryFn: () => held(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: id } } })),
  });
  const user = found.data;
  return (
    <Drawer
      kind={t("Person")}
      title={user ? user.name || user.email : t("Loading…")}
      state={user && <OnOff isOn={!user.disabled} on={t("Active")} off={t("Disabled")} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : user ? (
        <>
          <DrawerSection title={t("Details")}>
            <Facts
              facts={[
                [t("E-mail address"), user.email],
                [t("Role"), roleName(user.role ?? "")],
                [t("Second factor"), <SecondFactor key="f" isOn={user.second_factor === true} />],
                [t("Last signed in"), <When key="l" at={user.last_login_at} />],
                [t("Here since"), <When key="c" at={user.created_at} />],
                [t("Comes from"), user.origin === "local" ? "" : user.origin],
              ]}
            />
          </DrawerSection>
          {can("users:write") && <Change user={user} onGone={open.onClose} />}
          {can("sessions:read") && <TheirSessions user={id} />}
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function Change({ user, onGone }: { user: User; onGone: () => void }) {
  const { me } = useSession();
  const client = useQueryClient();
  const givable = useGivable();
  const [asking, setAsking] = useState<"password" | "remove">();
  const [password, setPassword] = useState("");
  const path = { user_id: user.id };
  const anew = () => client.invalidateQueries({ queryKey: ["users"] });
  const giveRole = async (role: string, revision: number | null | undefined) => {
    await held(
      api.PUT("/api/v1/users/{user_id}/role", {
        params: { path, header: ifMatch(revision) },
        body: { role: role as Shape<"RoleChange">["role"] },
      }),
    );
    await anew();
  };
  const setDisabled = async (disabled: boolean, revision: number | null | undefined) => {
    await held(
      api.PATCH("/api/v1/users/{user_id}", {
        params: { path, header: ifMatch(revision) },
        body: { disabled } as Shape<"UserChange">,
      }),
    );
    await anew();
  };
  const attempt = async (work: () => Promise<void>, said: string, undo: () => Promise<void>) => {
    try {
      await work();
      toast({ said, undo });
    } catch (thrown) {
      toastProblem(thrown);
    }
  };
  const reset = async () => {
    const body = { second_factor: false };
    const made = await held(
      api.POST("/api/v1/users/{user_id}/password", { params: { path }, body }),
    );
    setAsking(undefined);
    setPassword(made.password);
    await anew();
  };
  const remove = async () => {
    const header = ifMatch(user.revision);
    await held(api.DELETE("/api/v1/users/{user_id}", { params: { path, header } }));
    toast({
      said: t("{name} no longer belongs to the tenant", { name: user.name || user.email || "" }),
    });
    onGone();
    await anew();
  };
  if (user.id === me.id) return null; // one changes oneself in one's account
  const role = user.role ?? "";
  return (
    <DrawerSection title={t("Change")}>
      <Select
        label={t("Role")}
        description={roleSays(role)}
        allowDeselect={false}
        disabled={!givable.includes(role as (typeof givable)[number])}
        value={role}
        data={[...new Set([...givable, role])].map((one) => ({ value: one, label: roleName(one) }))}
        onChange={(next) =>
          next &&
          next !== role &&
          void attempt(
            () => giveRole(next, user.revision),
            t("{name} is now: {role}", {
              name: user.name || user.email || "",
              role: roleName(next),
            }),
            () => giveRole(role, undefined),
          )
        }
      />
      <div className={styles.row}>
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            void attempt(
              () => setDisabled(!user.disabled, user.revision),
              user.disabled ? t("May sign in again") : t("Disabled; their sessions have ended"),
              () => setDisabled(user.disabled ?? false, undefined),
            )
          }
        >
          {user.disabled ? t("Let in again") : t("Disable")}
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsking("password")}>
          {t("Make a new password…")}
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsking("remove")}>
          {t("Remove from the tenant…")}
        </Button>
      </div>
      {asking === "password" && (
        <Dialog
          title={t("Make a new password")}
          does={t("Make it")}
          onDo={reset}
          onClose={() => setAsking(undefined)}
        >
          <p>
            {t("The old one is worth nothing afterwards. They choose their own when they sign in.")}
          </p>
        </Dialog>
      )}
      {asking === "remove" && (
        <Dialog
          title={t("Remove {name} from the tenant", { name: user.name || user.email || "" })}
          does={t("Remove")}
          isGrave
          onDo={remove}
          onClose={() => setAsking(undefined)}
        >
          <p>{t("Their sessions here end. What they decided and wrote stays.")}</p>
        </Dialog>
      )}
      {password && (
        <Once title={t("Hand on this password")} onClose={() => setPassword("")}>
          <p>{t("It is shown this once, and must be changed at the next sign-in.")}</p>
          <Copyable text={password} block />
        </Once>
      )}
    </DrawerSection>
  );
}
