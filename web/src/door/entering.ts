/** The ways in, and what happens once somebody is in. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { api, held, type Shape } from "@/api/client";

export type Tokens = Shape<"Tokens">;

/** Where somebody wanted to go: a place of ours, never another site. */
export function safePlace(asked: string | null): string {
  if (!asked?.startsWith("/") || asked.startsWith("//") || asked.includes("\\")) return "/";
  return asked.startsWith("/sign-in") || asked.startsWith("/set-up") ? "/" : asked;
}

/** Goes on to where one wanted to be, as somebody who is known now. */
export function useEntering(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [address] = useSearchParams();
  return async () => {
    client.clear();
    await navigate(safePlace(address.get("next")), { replace: true });
  };
}

/** Sign in with a passkey of this device. Throws Problem; undefined when the person stopped. */
export async function signInWithPasskey(tenant: string): Promise<Tokens | undefined> {
  const asked = await held(api.POST("/api/v1/auth/passkey/options"));
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(
    asked.options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  let found: Credential | null;
  try {
    found = await navigator.credentials.get({ publicKey: options });
  } catch (thrown) {
    if (thrown instanceof DOMException) return undefined;
    throw thrown;
  }
  if (!(found instanceof PublicKeyCredential)) return undefined;
  return held(
    api.POST("/api/v1/auth/passkey", {
      body: {
        challenge: asked.challenge,
        credential: found.toJSON() as Record<string, unknown>,
        cookies: true,
        tenant,
      },
    }),
  );
}

export function canUsePasskeys(): boolean {
  return (
    typeof PublicKeyCredential !== "undefined" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function"
  );
}
