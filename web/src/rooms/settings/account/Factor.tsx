import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api, held } from "@/api/client";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { toast } from "@/pieces/Toasts";
import { t, tn } from "@/words/words";
import { Card } from "../shared/Card";
import { Dialog, Once } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { SecondFactor } from "../users/columns";

const FEW = 3; // recovery codes, from which on one is told to make new ones

/** The authenticator app: set up, recovery codes, switched off. */
export function Factor() {
  const { me } = useSession();
  const client = useQueryClient();
  const [asking, setAsking] = useState<"codes" | "off">();
  const [codes, setCodes] = useState<string[]>();
  const anew = () => client.invalidateQueries({ queryKey: ["me"] });
  const left = me.recovery_codes_left ?? 0;
  const renew = async (code: string) => {
    const made = await held(api.POST("/api/v1/me/recovery-codes", { body: { code } }));
    setAsking(undefined);
    setCodes(made.recovery_codes);
    await anew();
  };
  const off = async (code: string) => {
    await held(api.POST("/api/v1/me/second-factor/off", { body: { code } }));
    setAsking(undefined);
    toast({ said: t("Second factor switched off") });
    await anew();
  };
  return (
    <Card title={t("Second factor")} state={<SecondFactor isOn={me.second_factor === true} />}>
      {me.second_factor ? (
        <>
          <p className={left <= FEW ? styles.uneasy : "soft"}>
            {tn(left, "{count} recovery code is left.", "{count} recovery codes are left.")}{" "}
            {left <= FEW && t("Make new ones before they run out.")}
          </p>
          <div className={styles.row}>
            <Button variant="default" onClick={() => setAsking("codes")}>
              {t("Make new recovery codes")}
            </Button>
            <Button variant="subtle" color="gray" onClick={() => setAsking("off")}>
              {t("Switch it off")}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p className="soft">
            {t(
              "With it, a stolen password alone lets nobody in. You need an authenticator app on your phone; it takes a minute.",
            )}
          </p>
          <Button component={Link} to="/set-up/set-up-second-factor?next=/settings/account">
            {t("Set it up")}
          </Button>
        </>
      )}
      {asking === "codes" && (
        <WithCode
          title={t("Make new recovery codes")}
          says={t("Those that you have are worth nothing afterwards.")}
          does={t("Make new ones")}
          onCode={renew}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === "off" && (
        <WithCode
          title={t("Switch the second factor off")}
          says={t("Your password alone lets in whoever knows it.")}
          does={t("Switch it off")}
          onCode={off}
          onClose={() => setAsking(undefined)}
        />
      )}
      {codes && (
        <Once title={t("Keep these recovery codes")} onClose={() => setCodes(undefined)}>
          <p>
            {t(
              "Each lets you in once when your phone is lost. They are shown this once: print them, or keep them in your password manager.",
            )}
          </p>
          <Copyable text={codes.join("\n")} block />
        </Once>
      )}
    </Card>
  );
}

function WithCode({
  title,
  says,
  does,
  onCode,
  onClose,
}: {
  title: string;
  says: string;
  does: string;
  onCode: (code: string) => Promise<void>;
  onClose: () => void;
}) {
  const [code, setCode] = useState("");
  return (
    <Dialog title={title} does={does} onDo={() => onCode(code.trim())} onClose={onClose}>
      <p>{says}</p>
      <TextInput
        label={t("Code of your authenticator app")}
        description={t("Six digits; a new code every thirty seconds.")}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        data-autofocus
        maxLength={64}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </Dialog>
  );
}
