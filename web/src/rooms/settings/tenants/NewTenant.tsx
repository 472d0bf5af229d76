import { Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held } from "@/api/client";
import { toast } from "@/pieces/Toasts";
import { language, t } from "@/words/words";
import { Dialog } from "../shared/Dialog";
import { slugOf } from "./slug";

export function NewTenant({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [slug, setSlug] = useState<string>();
  const [spoken, setSpoken] = useState(language());
  const make = async () => {
    const body = { name, slug: slug ?? slugOf(name), language: spoken };
    await held(api.POST("/api/v1/tenants", { body }));
    toast({ said: t("{name} is here; enter it and invite its first owner", { name }) });
    onClose();
    for (const noun of ["tenants", "fleet"]) await client.invalidateQueries({ queryKey: [noun] });
  };
  return (
    <Dialog title={t("Add a tenant")} does={t("Add the tenant")} onDo={make} onClose={onClose}>
      <TextInput
        label={t("Name")}
        required
        data-autofocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("Short name")}
        description={t("For addresses and keys: small letters, digits and hyphens.")}
        required
        maxLength={63}
        value={slug ?? slugOf(name)}
        onChange={(event) => setSlug(event.currentTarget.value)}
      />
      <Select
        label={t("Language")}
        allowDeselect={false}
        value={spoken}
        onChange={(next) => setSpoken(next === "fr" ? "fr" : "en")}
        data={[
          { value: "en", label: "English" },
          { value: "fr", label: "Français" },
        ]}
      />
    </Dialog>
  );
}
