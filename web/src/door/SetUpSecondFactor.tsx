import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { api, held, type Shape } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { Copyable } from "@/pieces/Copyable";
import { ProblemView } from "@/pieces/ProblemView";
import { t } from "@/words/words";
import { Door } from "./Door";
import styles from "./Door.module.css";
import { useEntering } from "./entering";

/** Sets up an authenticator app: password, QR code, first code, recovery codes. */
export default function SetUpSecondFactor() {
  const enter = useEntering();
  const [offer, setOffer] = useState<Shape<"SecondFactorOffer">>();
  const [codes, setCodes] = useState<string[]>();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (thrown) {
      setProblem(problemFrom(thrown));
    } finally {
      setBusy(false);
    }
  };
  const shown = problem && <ProblemView problem={problem} />;
  if (codes) return <Codes codes={codes} onDone={() => void enter()} />;
  if (offer) {
    const confirm = async () => {
      const done = await held(
        api.POST("/api/v1/me/second-factor/confirm", {
          body: { challenge: offer.challenge, code: code.trim() },
        }),
      );
      setCodes(done.recovery_codes);
    };
    return (
      <Door title={t("Set up your second factor")}>
        <ol className={styles.steps}>
          <li>{t("Open an authenticator app on your phone.")}</li>
          <li>{t("Scan this code, or type in the key.")}</li>
          <li>{t("Enter the code that the app shows.")}</li>
        </ol>
        <img
          className={styles.qr}
          alt={t("QR code for the authenticator app; the key below says the same")}
          src={`data:image/svg+xml,${encodeURIComponent(offer.svg)}`}
        />
        <Copyable text={offer.secret} />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void attempt(confirm);
          }}
        >
          <TextInput
            label={t("Code of your authenticator app")}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            value={code}
            maxLength={10}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {shown}
          <Button type="submit" loading={busy}>
            {t("Switch it on")}
          </Button>
        </form>
      </Door>
    );
  }
  return (
    <Door title={t("Set up your second factor")}>
      <p>
        {t(
          "With it, a stolen password alone lets nobody in. You need an authenticator app on your phone; it takes a minute.",
        )}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(async () =>
            setOffer(await held(api.POST("/api/v1/me/second-factor", { body: { password } }))),
          );
        }}
      >
        <PasswordInput
          label={t("Your password again")}
          autoComplete="current-password"
          autoFocus
          value={password}
          visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {shown}
        <Button type="submit" loading={busy}>
          {t("Show the QR code")}
        </Button>
      </form>
    </Door>
  );
}

function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <Door title={t("Keep these recovery codes")}>
      <p>
        {t(
          "Each lets you in once when your phone is lost. They are shown this once: print them, or keep them in your password manager.",
        )}
      </p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Copyable text={codes.join("\n")} block />
      <Button mt="md" fullWidth onClick={onDone}>
        {t("I have kept them")}
      </Button>
    </Door>
  );
}
