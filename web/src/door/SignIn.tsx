import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { api, held } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";
import { t } from "@/words/words";
import { Code } from "./Code";
import { Door } from "./Door";
import styles from "./Door.module.css";
import { canUsePasskeys, signInWithPasskey, type Tokens, useEntering } from "./entering";

/** Password, then a code where one is asked for; a passkey; or the company's own sign-on. */
export default function SignIn() {
  const [address] = useSearchParams();
  const tenant = address.get("tenant") ?? "";
  const enter = useEntering();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [challenge, setChallenge] = useState("");
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState<Problem>();

  const attempt = async (way: string, work: () => Promise<Tokens | undefined>) => {
    setBusy(way);
    setProblem(undefined);
    try {
      const done = await work();
      if (done?.second_factor) setChallenge(done.second_factor.challenge);
      else if (done) await enter();
    } catch (thrown) {
      setProblem(problemFrom(thrown));
    } finally {
      setBusy("");
    }
  };
  if (challenge) {
    return (
      <Code
        busy={busy !== ""}
        problem={problem}
        onBack={() => {
          setChallenge("");
          setPassword("");
          setProblem(undefined);
        }}
        onCode={(code) =>
          void attempt("code", () =>
            held(
              api.POST("/api/v1/auth/second-factor", { body: { challenge, code, cookies: true } }),
            ),
          )
        }
      />
    );
  }
  return (
    <Door title={t("Sign in")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt("password", () =>
            held(
              api.POST("/api/v1/auth/sign-in", {
                body: { email, password, tenant, cookies: true },
              }),
            ),
          );
        }}
      >
        <TextInput
          label={t("E-mail address")}
          type="text"
          inputMode="email"
          autoComplete="username webauthn"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("Password")}
          autoComplete="current-password"
          required
          value={password}
          visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {problem && <ProblemView problem={problem} />}
        <Button type="submit" loading={busy === "password"}>
          {t("Sign in")}
        </Button>
      </form>
      <OtherWays tenant={tenant} busy={busy} attempt={attempt} />
      <p className={styles.foot}>
        {t(
          "First start? The command that started Vigie has shown the first administrator's password.",
        )}
      </p>
    </Door>
  );
}

interface WaysProps {
  tenant: string;
  busy: string;
  attempt: (way: string, work: () => Promise<Tokens | undefined>) => Promise<void>;
}

function OtherWays({ tenant, busy, attempt }: WaysProps) {
  const offered = useQuery({
    queryKey: ["sign-on", tenant],
    queryFn: () => held(api.GET("/api/v1/auth/sign-on", { params: { query: { tenant } } })),
    retry: false,
  });
  const providers = offered.data ?? [];
  if (!canUsePasskeys() && providers.length === 0) return null;
  const begin = async (id: string) => {
    const begun = await held(
      api.POST("/api/v1/auth/sign-on/{sign_on_id}", { params: { path: { sign_on_id: id } } }),
    );
    window.location.assign(begun.url);
    return undefined;
  };
  return (
    <>
      <div className={styles.or}>{t("or")}</div>
      <div className={styles.ways}>
        {canUsePasskeys() && (
          <Button
            variant="default"
            leftSection={<KeyRound size={16} aria-hidden />}
            loading={busy === "passkey"}
            onClick={() => void attempt("passkey", () => signInWithPasskey(tenant))}
          >
            {t("Sign in with a passkey")}
          </Button>
        )}
        {providers.map((one) => (
          <Button
            key={one.id}
            variant="default"
            loading={busy === one.id}
            onClick={() => void attempt(one.id, () => begin(one.id))}
          >
            {t("Sign in with {name}", { name: one.name })}
          </Button>
        ))}
      </div>
    </>
  );
}
