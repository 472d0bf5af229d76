import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { Used } from "@/pieces/When";
import { t } from "@/words/words";
import { Card } from "../shared/Card";
import { Dialog } from "../shared/Dialog";
import styles from "../shared/settings.module.css";

/** Passkeys: added on this device, taken away from any. */
export function Passkeys() {
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const found = useQuery({
    queryKey: ["me", "passkeys"],
    queryFn: () => held(api.GET("/api/v1/me/passkeys")),
  });
  const anew = () => client.invalidateQueries({ queryKey: ["me"] });
  const remove = async (one: Shape<"Passkey">) => {
    try {
      const path = { passkey_id: one.id };
      await held(api.DELETE("/api/v1/me/passkeys/{passkey_id}", { params: { path } }));
      toast({ said: t("Passkey {name} taken away", { name: one.name }) });
      await anew();
    } catch (thrown) {
      toastProblem(thrown);
    }
  };
  return (
    <Card title={t("Passkeys")}>
      <p className="soft">
        {t("Sign in with the fingerprint, face or PIN of a device instead of a password.")}
      </p>
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : found.data ? (
        <ul className={styles.lines}>
          {found.data.map((one) => (
            <li key={one.id}>
              <span>
                <strong>{one.name || t("Passkey")}</strong>{" "}
                <span className="soft">
                  <Used at={one.last_used_at} />
                </span>
              </span>
              <Button
                size="xs"
                variant="default"
                aria-label={t("Take {name} away", { name: one.name })}
                onClick={() => void remove(one)}
              >
                {t("Take away")}
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <Waiting />
      )}
      {canMake() ? (
        <div className={styles.row}>
          <Button variant="default" onClick={() => setAdding(true)}>
            {t("Add a passkey of this device")}
          </Button>
        </div>
      ) : (
        <p className="soft">{t("This browser cannot make passkeys.")}</p>
      )}
      {adding && (
        <Add
          onClose={() => setAdding(false)}
          onAdded={async () => {
            setAdding(false);
            toast({ said: t("Passkey added") });
            await anew();
          }}
        />
      )}
    </Card>
  );
}

function Add({ onClose, onAdded }: { onClose: () => void; onAdded: () => Promise<void> }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const add = async () => {
    const offer = await held(api.POST("/api/v1/me/passkeys/options", { body: { password } }));
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(
      offer.options as unknown as PublicKeyCredentialCreationOptionsJSON,
    );
    let made: Credential | null;
    try {
      made = await navigator.credentials.create({ publicKey: options });
    } catch (thrown) {
      // The person stopped it, or let it time out: the dialog stays as it is.
      if (thrown instanceof DOMException) return;
      throw thrown;
    }
    if (!(made instanceof PublicKeyCredential)) return;
    const credential = made.toJSON() as Record<string, unknown>;
    await held(
      api.POST("/api/v1/me/passkeys", { body: { challenge: offer.challenge, credential, name } }),
    );
    await onAdded();
  };
  return (
    <Dialog title={t("Add a passkey")} does={t("Add it")} onDo={add} onClose={onClose}>
      <TextInput
        label={t("Name of the device")}
        required
        data-autofocus
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("Your password again")}
        autoComplete="current-password"
        value={password}
        visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </Dialog>
  );
}

function canMake(): boolean {
  return (
    typeof PublicKeyCredential !== "undefined" &&
    typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function"
  );
}
