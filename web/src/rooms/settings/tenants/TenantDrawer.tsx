import { Button, TextInput } from "@mantine/core";
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
import { toast } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { useAttempt } from "../shared/Dialog";
import styles from "../shared/settings.module.css";

/** One tenant: entered, renamed, disabled. */
export function TenantDrawer({ id, ...open }: OpenRow) {
  const { me, enter } = useSession();
  const path = { tenant_id: id };
  const found = useQuery({
    queryKey: ["tenants", "one", id],
    queryFn: () => held(api.GET("/api/v1/tenants/{tenant_id}", { params: { path } })),
  });
  const tenant = found.data;
  return (
    <Drawer
      kind={t("Tenant")}
      title={tenant ? tenant.name : t("Loading…")}
      state={tenant && <OnOff isOn={!tenant.disabled} on={t("Active")} off={t("Disabled")} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : tenant ? (
        <>
          <DrawerSection title={t("Details")}>
            <Facts
              facts={[
                [t("Short name"), <Copyable key="s" text={tenant.slug ?? ""} />],
                [t("Id"), <Copyable key="i" text={tenant.id} />],
                [t("Here since"), <When key="c" at={tenant.created_at} />],
              ]}
            />
            {tenant.id === me.tenant ? (
              <p className="soft">{t("You are in this tenant.")}</p>
            ) : (
              <Button size="xs" onClick={() => enter(tenant.id)}>
                {t("Enter the tenant")}
              </Button>
            )}
          </DrawerSection>
          <Change key={tenant.revision} tenant={tenant} />
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function Change({ tenant }: { tenant: Shape<"Tenant"> }) {
  const { me, can } = useSession();
  const client = useQueryClient();
  const [name, setName] = useState(tenant.name ?? "");
  const { busy, problem, attempt } = useAttempt();
  if (!can("tenants:write")) return null;
  const change = async (values: Partial<Shape<"TenantChange">>, revision?: number | null) => {
    await held(
      api.PATCH("/api/v1/tenants/{tenant_id}", {
        params: { path: { tenant_id: tenant.id }, header: ifMatch(revision) },
        body: values as Shape<"TenantChange">,
      }),
    );
    for (const noun of ["tenants", "fleet", "me"]) {
      await client.invalidateQueries({ queryKey: [noun] });
    }
  };
  const rename = () =>
    attempt(async () => {
      await change({ name }, tenant.revision);
      toast({ said: t("Saved"), undo: () => change({ name: tenant.name ?? "" }) });
    });
  const disable = (disabled: boolean) =>
    attempt(async () => {
      await change({ disabled }, tenant.revision);
      toast({
        said: disabled
          ? t("{name} is disabled: nobody but super-admins comes in", { name: tenant.name ?? "" })
          : t("{name} is open again", { name: tenant.name ?? "" }),
        undo: () => change({ disabled: !disabled }),
      });
    });
  return (
    <DrawerSection title={t("Change")}>
      <TextInput
        label={t("Name")}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {problem && <ProblemView problem={problem} />}
      <div className={styles.row}>
        <Button
          size="xs"
          variant="default"
          loading={busy}
          disabled={!name.trim() || name === tenant.name}
          onClick={() => void rename()}
        >
          {t("Save the name")}
        </Button>
        {tenant.id !== me.tenant && (
          <Button
            size="xs"
            variant="default"
            loading={busy}
            onClick={() => void disable(!tenant.disabled)}
          >
            {tenant.disabled ? t("Open it again") : t("Disable the tenant")}
          </Button>
        )}
      </div>
    </DrawerSection>
  );
}
