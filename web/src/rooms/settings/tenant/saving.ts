import { useQueryClient } from "@tanstack/react-query";
import { api, held, ifMatch, type Shape } from "@/api/client";
import type { Kept } from "./TenantSettings";

/** Sets all settings, with these of them changed. Throws Problem, also when they were changed by
 * somebody else meanwhile. */
export function useSaving(kept: Kept): (changes: Partial<Shape<"Settings">>) => Promise<void> {
  const client = useQueryClient();
  return async (changes) => {
    await held(
      api.PUT("/api/v1/settings", {
        params: { header: ifMatch(kept.revision) },
        body: { ...kept.settings, ...changes },
      }),
    );
    for (const noun of ["settings", "retention"]) {
      await client.invalidateQueries({ queryKey: [noun] });
    }
  };
}
