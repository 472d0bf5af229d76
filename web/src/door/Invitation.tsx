import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { api, held } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";
import { t } from "@/words/words";
import { Door } from "./Door";

/** Somebody who was invited chooses a password. The word stands behind the # of the address, which
 * browsers send to nobody. */
export default function Invitation() {
  const word = decodeURIComponent(window.location.hash.slice(1));
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const accept = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await held(api.POST("/api/v1/auth/invitation", { body: { invitation: word, password } }));
      setDone(true);
    } catch (thrown) {
      setProblem(problemFrom(thrown));
    } finally {
      setBusy(false);
    }
  };
  if (isDone) {
    return (
      <Door title={t("Welcome")}>
        <p>{t("Your password is set. Sign in with it.")}</p>
        <Button component={Link} to="/sign-in" fullWidth>
          {t("Sign in")}
        </Button>
      </Door>
    );
  }
  return (
    <Door title={t("You are invited to Vigie")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void accept();
        }}
      >
        <PasswordInput
          label={t("Choose a password")}
          autoComplete="new-password"
          required
          autoFocus
          value={password}
          description={t("Several unrelated words are strong and easy to remember.")}
          visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {problem && <ProblemView problem={problem} />}
        <Button type="submit" loading={busy} disabled={!word}>
          {t("Accept the invitation")}
        </Button>
        {!word && (
          <p>{t("This address holds no invitation. Open the whole link that you were given.")}</p>
        )}
      </form>
    </Door>
  );
}
