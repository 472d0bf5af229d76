import { useQuery } from "@tanstack/react-query";
import { api, type Shape } from "@/api/client";
import { problemFrom, problemOf } from "@/api/problems";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { Waiting } from "@/pieces/Waiting";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { General } from "./General";
import { Retention } from "./Retention";

export interface Kept {
  settings: Shape<"Settings">;
  revision: number;
}

/** What the tenant sets for itself. */
export default function TenantSettings() {
  const found = useQuery({
    queryKey: ["settings"],
    queryFn: async (): Promise<Kept> => {
      const { data, error, response } = await api.GET("/api/v1/settings");
      if (!data) throw problemOf(error, response);
      return {
        settings: data,
        revision: Number(response.headers.get("etag")?.replaceAll('"', "")),
      };
    },
  });
  return (
    <Page title={t("Settings of the tenant")}>
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : found.data ? (
        <div className={styles.cards}>
          <General key={`g${found.data.revision}`} kept={found.data} />
          <Retention key={`r${found.data.revision}`} kept={found.data} />
        </div>
      ) : (
        <Waiting />
      )}
    </Page>
  );
}
