import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, ifMatch } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { Dialog } from "../shared/Dialog";
import { KeyState, scopeName, scopeSays } from "./scopes";

/** One key: what it may do, who used it last, and its end. */
export function KeyDrawer({ id, ...open }: OpenRow) {
  const { can } = useSession();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const path = { key_id: id };
  const found = useQuery({
    queryKey: ["api-keys", "one", id],
    queryFn: () => held(api.GET("/api/v1/api-keys/{key_id}", { params: { path } })),
  });
  const key = found.data;
  const revoke = async () => {
    const params = { path, header: ifMatch(key?.revision) };
    await held(api.DELETE("/api/v1/api-keys/{key_id}", { params }));
    setAsking(false);
    toast({ said: t("Key {name} revoked", { name: key?.name ?? "" }) });
    await client.invalidateQueries({ queryKey: ["api-keys"] });
  };
  return (
    <Drawer
      kind={t("API key")}
      title={key ? key.name : t("Loading…")}
      state={key && <KeyState row={key} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : key ? (
        <>
          <DrawerSection title={t("Details")}>
            <Facts
              facts={[
                [t("Begins with"), <code key="h">{key.hint}</code>],
                [t("Last used"), <When key="u" at={key.last_used_at} />],
                [t("From address"), key.last_address],
                [t("Made"), <When key="c" at={key.created_at} />],
                [t("Revoked"), key.revoked_at ? <When key="r" at={key.revoked_at} /> : ""],
                [t("Only from these networks"), key.networks?.join(", ")],
              ]}
            />
          </DrawerSection>
          <DrawerSection title={t("What it may do")}>
            <ul>
              {key.scopes?.map((scope) => (
                <li key={scope}>
                  <strong>{scopeName(scope)}</strong>{" "}
                  <span className="soft">{scopeSays(scope)}</span>
                </li>
              ))}
            </ul>
          </DrawerSection>
          {can("api-keys:write") && !key.revoked && (
            <DrawerSection title={t("End")}>
              <Button size="xs" variant="default" onClick={() => setAsking(true)}>
                {t("Revoke the key…")}
              </Button>
            </DrawerSection>
          )}
        </>
      ) : (
        <Waiting />
      )}
      {asking && (
        <Dialog
          title={t("Revoke the key {name}", { name: key?.name ?? "" })}
          does={t("Revoke for ever")}
          isGrave
          onDo={revoke}
          onClose={() => setAsking(false)}
        >
          <p>
            {t("Whoever uses it is refused from the next request on. It cannot be taken back.")}
          </p>
        </Dialog>
      )}
    </Drawer>
  );
}
