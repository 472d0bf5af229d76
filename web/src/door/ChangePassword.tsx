import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { api, held } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";
import { t } from "@/words/words";
import { Door } from "./Door";
import { useEntering } from "./entering";

/** A password of one's own instead of the one that somebody else has seen. */
export default function ChangePassword() {
  const enter = useEntering();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const change = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await held(api.POST("/api/v1/me/password", { body: { old, new: next } }));
      await enter();
    } catch (thrown) {
      setProblem(problemFrom(thrown));
      setBusy(false);
    }
  };
  const toggle = { "aria-label": t("Show the password") };
  return (
    <Door title={t("Choose a password of your own")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        <PasswordInput
          label={t("The password that you were given")}
          autoComplete="current-password"
          required
          autoFocus
          value={old}
          visibilityToggleButtonProps={toggle}
          onChange={(event) => setOld(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("Your new password")}
          autoComplete="new-password"
          required
          value={next}
          description={t("Several unrelated words are strong and easy to remember.")}
          visibilityToggleButtonProps={toggle}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {problem && <ProblemView problem={problem} />}
        <Button type="submit" loading={busy}>
          {t("Change the password")}
        </Button>
      </form>
    </Door>
  );
}
