import { Button } from "@mantine/core";
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
import { t } from "@/words/words";
import { Dialog } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { roleName } from "../users/roles";
import { ProviderForm } from "./ProviderForm";
import { doorOf, givenOf, type Provider, redirectHere } from "./provider";
import own from "./sign-on.module.css";

/** One provider: where people find it, who comes in as what; changed, switched off, taken away. */
export function ProviderDrawer({ id, ...open }: OpenRow) {
  const { can } = useSession();
  const path = { sign_on_id: id };
  const found = useQuery({
    queryKey: ["sign-on", "one", id],
    queryFn: () => held(api.GET("/api/v1/sign-on/{sign_on_id}", { params: { path } })),
  });
  const provider = found.data;
  return (
    <Drawer
      kind={t("Single sign-on")}
      title={provider ? provider.name : t("Loading…")}
      state={provider && <OnOff isOn={provider.enabled} on={t("On")} off={t("Off")} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : provider ? (
        <>
          <Ways provider={provider} />
          <Roles provider={provider} />
          <DrawerSection title={t("Details")}>
            <Facts facts={factsOf(provider)} />
          </DrawerSection>
          {can("settings:write") && <Change provider={provider} onGone={open.onClose} />}
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function factsOf(provider: Provider): [string, React.ReactNode][] {
  return [
    [t("Issuer"), <Copyable key="i" text={provider.issuer} />],
    [t("Client ID"), <Copyable key="c" text={provider.client_id} />],
    [t("Client secret"), provider.client_secret ? t("kept sealed") : t("none: a public client")],
    [t("Claim with the groups"), <code key="g">{provider.groups_claim}</code>],
    [t("More scopes"), provider.scopes.join(" ")],
  ];
}

/** Both addresses: the one that people are given, and the one that the provider is. */
function Ways({ provider }: { provider: Provider }) {
  const { me } = useSession();
  const slug = me.tenants.find((one) => one.id === me.tenant)?.slug ?? me.tenant;
  const redirect = provider.redirect_uri;
  if (!redirect) {
    return (
      <DrawerSection title={t("Where people sign in")}>
        <p className={styles.uneasy}>
          {t("Nobody can sign in through it yet: the platform does not know its own address.")}
        </p>
        <p>{t("Whoever runs it sets VIGIE_ADDRESS, such as https://vigie.example.org.")}</p>
      </DrawerSection>
    );
  }
  return (
    <DrawerSection title={t("Where people sign in")}>
      <div className={own.ways}>
        {provider.enabled ? (
          <>
            <p className="soft">{t("Its button is on the sign-in page of this tenant:")}</p>
            <Copyable text={doorOf(slug, redirect)} block />
          </>
        ) : (
          <p className="soft">{t("It is switched off: its button is not on the sign-in page.")}</p>
        )}
        {redirect !== redirectHere() && (
          <p className={styles.uneasy}>
            {t("You opened Vigie at another address; through this one alone people get in.")}
          </p>
        )}
        <p className="soft">{t("The redirect address that the provider must know:")}</p>
        <Copyable text={redirect} block />
      </div>
    </DrawerSection>
  );
}

function Roles({ provider }: { provider: Provider }) {
  const given = givenOf(provider.roles);
  const others = provider.default_role ? roleName(provider.default_role) : t("is not let in");
  return (
    <DrawerSection title={t("Roles of the provider's groups")}>
      <ul className={styles.lines}>
        {given.map((one) => (
          <li key={one.group}>
            <span>{one.group}</span>
            <span>{roleName(one.role)}</span>
          </li>
        ))}
        <li>
          <span className="soft">
            {given.length > 0 ? t("Whoever is in none of these groups") : t("Everybody")}
          </span>
          <span>{others}</span>
        </li>
      </ul>
    </DrawerSection>
  );
}

function Change({ provider, onGone }: { provider: Provider; onGone: () => void }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<"change" | "remove">();
  const path = { sign_on_id: provider.id };
  const anew = () => client.invalidateQueries({ queryKey: ["sign-on"] });
  const enable = async (enabled: boolean, revision?: number | null) => {
    const params = { path, header: ifMatch(revision) };
    const body = { enabled } as Shape<"ProviderChange">;
    await held(api.PATCH("/api/v1/sign-on/{sign_on_id}", { params, body }));
    await anew();
  };
  const toggle = async () => {
    try {
      await enable(!provider.enabled, provider.revision);
      toast({
        said: provider.enabled ? t("Switched off; nobody signs on through it") : t("Switched on"),
        undo: () => enable(provider.enabled),
      });
    } catch (thrown) {
      toastProblem(thrown);
    }
  };
  const remove = async () => {
    const params = { path, header: ifMatch(provider.revision) };
    await held(api.DELETE("/api/v1/sign-on/{sign_on_id}", { params }));
    toast({ said: t("Provider {name} deleted", { name: provider.name }) });
    onGone();
    await anew();
  };
  return (
    <DrawerSection title={t("Change")}>
      <div className={styles.row}>
        <Button size="xs" variant="default" onClick={() => setAsking("change")}>
          {t("Change…")}
        </Button>
        <Button size="xs" variant="default" onClick={() => void toggle()}>
          {provider.enabled ? t("Switch off") : t("Switch on")}
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsking("remove")}>
          {t("Delete…")}
        </Button>
      </div>
      {asking === "change" && (
        <ProviderForm provider={provider} onClose={() => setAsking(undefined)} />
      )}
      {asking === "remove" && (
        <Dialog
          title={t("Delete the provider {name}", { name: provider.name })}
          does={t("Delete")}
          isGrave
          onDo={remove}
          onClose={() => setAsking(undefined)}
        >
          <p>
            {t(
              "Nobody signs on through it any more. Whoever came by it and has no password is locked out; sessions that are open go on.",
            )}
          </p>
        </Dialog>
      )}
    </DrawerSection>
  );
}
