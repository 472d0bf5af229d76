import { Button, PasswordInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held } from "@/api/client";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { t } from "@/words/words";
import { Card } from "../shared/Card";
import { useAttempt } from "../shared/Dialog";

export function Password() {
  const client = useQueryClient();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const { busy, problem, attempt } = useAttempt();
  const toggle = { "aria-label": t("Show the password") };
  const change = async () => {
    await held(api.POST("/api/v1/me/password", { body: { old, new: next } }));
    setOld("");
    setNext("");
    toast({ said: t("Password changed; your other sessions have ended") });
    await client.invalidateQueries({ queryKey: ["me"] });
  };
  return (
    <Card title={t("Password")}>
      <p className="soft">{t("Changing it ends your sessions on other devices.")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(change);
        }}
      >
        <PasswordInput
          label={t("Your present password")}
          autoComplete="current-password"
          required
          value={old}
          visibilityToggleButtonProps={toggle}
          onChange={(event) => setOld(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("Your new password")}
          description={t("Several unrelated words are strong and easy to remember.")}
          autoComplete="new-password"
          required
          value={next}
          visibilityToggleButtonProps={toggle}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {problem && <ProblemView problem={problem} />}
        <Button type="submit" variant="default" loading={busy} disabled={!old || !next}>
          {t("Change the password")}
        </Button>
      </form>
    </Card>
  );
}
