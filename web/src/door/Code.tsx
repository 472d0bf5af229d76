import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Problem } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";
import { t } from "@/words/words";
import { Door } from "./Door";

interface Props {
  busy: boolean;
  problem: Problem | undefined;
  onCode: (code: string) => void;
  onBack: () => void;
}

/** The second factor: a code of the app, or a recovery code when the app is lost. */
export function Code({ busy, problem, onCode, onBack }: Props) {
  const [code, setCode] = useState("");
  const [isLost, setLost] = useState(false);
  return (
    <Door title={t("Second factor")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onCode(code.trim());
        }}
      >
        <TextInput
          key={isLost ? "lost" : "app"}
          label={isLost ? t("Recovery code") : t("Code of your authenticator app")}
          description={
            isLost
              ? t("One of the ten that you kept; each works once.")
              : t("Six digits; a new code every thirty seconds.")
          }
          autoComplete="one-time-code"
          inputMode={isLost ? "text" : "numeric"}
          autoFocus
          required
          value={code}
          maxLength={64}
          onChange={(event) => {
            const next = event.currentTarget.value;
            setCode(next);
            // A pasted or typed code is whole: nothing is left to press.
            if (!isLost && /^\d{6}$/.test(next) && !busy) onCode(next);
          }}
        />
        {problem && <ProblemView problem={problem} />}
        <Button type="submit" loading={busy}>
          {t("Continue")}
        </Button>
        <Button variant="subtle" onClick={() => setLost(!isLost)}>
          {isLost ? t("Use the app instead") : t("The app is lost: use a recovery code")}
        </Button>
        <Button variant="subtle" color="gray" onClick={onBack}>
          {t("Back to the password")}
        </Button>
      </form>
    </Door>
  );
}
