import { Select, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, type Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { language, t } from "@/words/words";
import { Dialog, Once } from "../shared/Dialog";
import { roleName, roleSays } from "./roles";

type Role = Shape<"NewUser">["role"];

/** The roles that the signed-in person may give. */
export function useGivable(): Role[] {
  const { me } = useSession();
  const found = useQuery({
    queryKey: ["roles"],
    queryFn: () => held(api.GET("/api/v1/roles")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const own = found.data?.roles.find((role) => role.name === me.role);
  return (own?.manages ?? []).filter((name) => name !== "super-admin") as Role[];
}

/** Takes somebody in: an address and a role; gives a link to hand on. */
export function Invite({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const givable = useGivable();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [made, setMade] = useState<Shape<"MadeUser">>();
  const invite = async () => {
    // Without a password the answer holds an invitation.
    const body = { email, name, role, language: language() } as Shape<"NewUser">;
    const done = await held(api.POST("/api/v1/users", { body }));
    await client.invalidateQueries({ queryKey: ["users"] });
    setMade(done);
  };
  if (made) return <Invited made={made} onClose={onClose} />;
  return (
    <Dialog
      title={t("Invite somebody")}
      does={t("Invite as {role}", { role: roleName(role) })}
      onDo={invite}
      onClose={onClose}
    >
      <TextInput
        label={t("E-mail address")}
        type="email"
        required
        data-autofocus
        maxLength={320}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label={t("Name")}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t("Role")}
        description={roleSays(role)}
        allowDeselect={false}
        value={role}
        onChange={(next) => next && setRole(next as Role)}
        data={givable.map((one) => ({ value: one, label: roleName(one) }))}
      />
    </Dialog>
  );
}

function Invited({ made, onClose }: { made: Shape<"MadeUser">; onClose: () => void }) {
  const who = made.name || made.email || "";
  if (!made.invitation) {
    return (
      <Once title={t("{name} belongs to the tenant now", { name: who })} onClose={onClose}>
        <p>{t("They have a password already and sign in as they are used to.")}</p>
      </Once>
    );
  }
  const link = `${location.origin}/invitation#${made.invitation}`;
  return (
    <Once title={t("Hand this link to {name}", { name: who })} onClose={onClose}>
      <p>
        {t(
          "It works once, and whoever has it chooses the password: send it by a way that only they read. It is shown this once.",
        )}
      </p>
      <Copyable text={link} block />
    </Once>
  );
}
