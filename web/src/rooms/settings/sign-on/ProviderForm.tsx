import { PasswordInput, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, held, ifMatch } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { Copyable } from "@/pieces/Copyable";
import { toast } from "@/pieces/Toasts";
import { t } from "@/words/words";
import { Dialog } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { useGivable } from "../users/Invite";
import { choices, Groups } from "./Groups";
import {
  fieldErrors,
  givenOf,
  issuerLack,
  isTwice,
  type Provider,
  ROLES,
  type Role,
  redirectHere,
  rolesOf,
  secretName,
} from "./provider";
import own from "./sign-on.module.css";

interface Props {
  /** The one that is changed; a new one without. */
  provider?: Provider;
  onClose: () => void;
  /** Called with a new one's id. */
  onMade?: (id: string) => void;
}

const NOBODY = "nobody"; // a choice needs a value; the API says it with ""
const REFERENCE = /^secret:\/\//;
const NEW = {
  name: "",
  issuer: "",
  client_id: "",
  groups_claim: "groups",
  scopes: [] as string[],
  default_role: "" as Role | "",
};
type Typed = typeof NEW;

/** What a provider is called, how Vigie is known there, and who gets which role. The client's secret
 * is sealed first; the provider holds only its name. */
export function ProviderForm({ provider, onClose, onMade }: Props) {
  const client = useQueryClient();
  const manages = useGivable();
  const givable = ROLES.filter((role) => manages.includes(role));
  const [typed, setTyped] = useState<Typed>(provider ? typedOf(provider) : NEW);
  const [given, setGiven] = useState(() => givenOf(provider?.roles ?? {}));
  const [secret, setSecret] = useState("");
  const [chance] = useState(() => crypto.randomUUID().slice(0, 8));
  const [base, setBase] = useState(provider);
  const [isOutdated, setOutdated] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    fields.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  const set = (values: Partial<Typed>) => {
    setTyped({ ...typed, ...values });
    setErrors({});
  };
  const sealed = async () => {
    const value = secret.trim();
    if (!value || REFERENCE.test(value)) return value;
    const name = secretName(typed.name, base?.client_secret ?? "", chance);
    const kept = held(
      api.PUT("/api/v1/secrets/{name}", { params: { path: { name } }, body: { value } }),
    );
    return (await kept).reference;
  };
  const send = async () => {
    const client_secret = await sealed();
    const body = {
      ...typed,
      name: typed.name.trim(),
      issuer: typed.issuer.trim(),
      client_id: typed.client_id.trim(),
      roles: rolesOf(given),
    };
    if (!base) {
      const all = { ...body, client_secret, enabled: true };
      return held(api.POST("/api/v1/sign-on", { body: all }));
    }
    const params = { path: { sign_on_id: base.id }, header: ifMatch(base.revision) };
    const changed = { ...body, ...(client_secret ? { client_secret } : {}) };
    return held(
      api.PATCH("/api/v1/sign-on/{sign_on_id}", { params, body: changed as typeof body & Sent }),
    );
  };
  const save = async () => {
    const lack = issuerLack(typed.issuer.trim());
    setErrors(lack ? { issuer: lack } : {});
    if (lack) return;
    let saved: Provider;
    try {
      saved = await send();
    } catch (thrown) {
      const problem = problemFrom(thrown);
      if (problem.status === 412 && base) {
        const params = { path: { sign_on_id: base.id } };
        setBase(await held(api.GET("/api/v1/sign-on/{sign_on_id}", { params })));
        setOutdated(true);
      }
      const said = fieldErrors(problem, [...Object.keys(NEW), "client_secret", "roles"]);
      if (!said) throw thrown;
      setErrors(said);
      return;
    }
    toast({ said: provider ? t("Saved") : t("Provider added; its button is on the sign-in page") });
    onClose();
    await client.invalidateQueries({ queryKey: ["sign-on"] });
    if (!provider) onMade?.(saved.id);
  };
  const hasTwice = given.some((_, at) => isTwice(given, at));
  const isForNobody = Object.keys(rolesOf(given)).length === 0 && !typed.default_role;
  return (
    <Dialog
      title={provider ? t("Change the provider") : t("Add a provider")}
      does={provider ? t("Save") : t("Add the provider")}
      disabled={hasTwice}
      size="lg"
      onDo={save}
      onClose={onClose}
    >
      <Stack gap="sm" ref={fields}>
        {!provider && (
          <div className={own.redirect}>
            <p>{t("The redirect address that the provider must know:")}</p>
            <Copyable text={redirectHere()} block />
          </div>
        )}
        <TextInput
          label={t("Name")}
          description={t("Stands on the button: Sign in with Acme.")}
          required
          data-autofocus
          maxLength={200}
          value={typed.name}
          error={errors.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label={t("Issuer")}
          description={t(
            "Exactly as the provider writes it, the last slash included. As in {example}",
            {
              example: "https://id.example.org/realms/acme",
            },
          )}
          required
          inputMode="url"
          autoComplete="off"
          maxLength={500}
          value={typed.issuer}
          error={errors.issuer}
          onChange={(event) => set({ issuer: event.currentTarget.value })}
        />
        <TextInput
          label={t("Client ID")}
          required
          autoComplete="off"
          maxLength={500}
          value={typed.client_id}
          error={errors.client_id}
          onChange={(event) => set({ client_id: event.currentTarget.value })}
        />
        <PasswordInput
          label={t("Client secret")}
          description={
            base?.client_secret
              ? t("Kept sealed; leave it empty to keep it.")
              : t("It is sealed and never shown again. A public client has none.")
          }
          autoComplete="off"
          value={secret}
          error={errors.client_secret}
          visibilityToggleButtonProps={{ "aria-label": t("Show what is typed") }}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        <Groups given={given} givable={givable} error={errors.roles} onGiven={setGiven} />
        <Select
          label={t("Whoever is in none of these groups")}
          allowDeselect={false}
          value={typed.default_role || NOBODY}
          error={errors.default_role}
          data={[
            { value: NOBODY, label: t("is not let in") },
            ...choices(givable, typed.default_role),
          ]}
          onChange={(next) => set({ default_role: next === NOBODY ? "" : (next as Role) })}
        />
        <details
          className={own.seldom}
          {...(errors.groups_claim || errors.scopes ? { open: true } : {})}
        >
          <summary>{t("What some providers need")}</summary>
          <div>
            <TextInput
              label={t("Claim with the groups")}
              placeholder={NEW.groups_claim}
              maxLength={200}
              value={typed.groups_claim}
              error={errors.groups_claim}
              onChange={(event) => set({ groups_claim: event.currentTarget.value })}
            />
            <TagsInput
              label={t("More scopes")}
              description={t("Besides openid, profile and email, which are always asked for.")}
              maxTags={20}
              value={typed.scopes}
              error={errors.scopes}
              onChange={(scopes) => set({ scopes })}
            />
          </div>
        </details>
        <div aria-live="polite">
          {isForNobody && (
            <p className={styles.says}>
              {t(
                "As it stands nobody is let in: give a group a role, or choose one for the others.",
              )}
            </p>
          )}
          {isOutdated && (
            <p className={styles.says}>
              {t("What you chose is kept here: save again to put it in its place.")}
            </p>
          )}
        </div>
      </Stack>
    </Dialog>
  );
}

type Sent = { client_secret: string; enabled: boolean };

function typedOf(provider: Provider): Typed {
  const { name, issuer, client_id, groups_claim, scopes, default_role } = provider;
  return { name, issuer, client_id, groups_claim, scopes, default_role: default_role as Role | "" };
}
