import { Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held } from "@/api/client";
import { Copyable } from "@/pieces/Copyable";
import { t } from "@/words/words";
import { Dialog, Once } from "../shared/Dialog";
import { scopeName, scopeSays } from "./scopes";

const DAY = 86_400_000;

/** Makes a key, and shows it this once. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const roles = useQuery({
    queryKey: ["roles"],
    queryFn: () => held(api.GET("/api/v1/roles")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["ci"]);
  const [days, setDays] = useState("90");
  const [networks, setNetworks] = useState("");
  const [key, setKey] = useState("");
  const make = async () => {
    const made = await held(
      api.POST("/api/v1/api-keys", {
        body: {
          name,
          scopes,
          networks: networks.split(/[\s,]+/).filter(Boolean),
          expires_at: days === "0" ? null : new Date(Date.now() + Number(days) * DAY).toISOString(),
        },
      }),
    );
    await client.invalidateQueries({ queryKey: ["api-keys"] });
    setKey(made.key ?? "");
  };
  if (key) {
    return (
      <Once title={t("Keep this key")} onClose={onClose}>
        <p>{t("It is shown this once: only its fingerprint is stored.")}</p>
        <Copyable text={key} block />
      </Once>
    );
  }
  return (
    <Dialog
      title={t("Make a key")}
      does={t("Make the key")}
      disabled={!name.trim() || scopes.length === 0}
      onDo={make}
      onClose={onClose}
    >
      <TextInput
        label={t("Name")}
        description={t("Which machine has it, so that it is known when it is revoked.")}
        required
        data-autofocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox.Group label={t("What it may do")} value={scopes} onChange={setScopes}>
        <Stack gap={6} mt={6}>
          {(roles.data?.scopes ?? []).map((scope) => (
            <Checkbox
              key={scope.name}
              value={scope.name}
              label={scopeName(scope.name)}
              description={scopeSays(scope.name)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Select
        label={t("For how long")}
        value={days}
        allowDeselect={false}
        onChange={(next) => setDays(next ?? "90")}
        data={[
          { value: "7", label: t("A week") },
          { value: "30", label: t("30 days") },
          { value: "90", label: t("90 days") },
          { value: "365", label: t("A year") },
          { value: "0", label: t("Until it is revoked") },
        ]}
      />
      <TextInput
        label={t("Only from these networks")}
        description={t("Addresses or networks such as 10.0.0.0/8; empty is from anywhere.")}
        value={networks}
        onChange={(event) => setNetworks(event.currentTarget.value)}
      />
    </Dialog>
  );
}
