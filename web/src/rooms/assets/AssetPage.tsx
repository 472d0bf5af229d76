import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearchParams } from "react-router";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { Waiting } from "@/pieces/Waiting";
import { assetKindName } from "@/words/nouns";
import { t } from "@/words/words";
import { About } from "./About";
import { Archive } from "./Archive";
import styles from "./assets.module.css";
import { Components } from "./Components";
import { Plan } from "./Plan";

export type Asset = Shape<"AssetDetail">;

/** One asset: how it stands, what would mend it, what lies in it. */
export default function AssetPage() {
  const id = useParams().id ?? "";
  const { can } = useSession();
  const [address, setAddress] = useSearchParams();
  const part = address.get("part") ?? "about";
  const found = useQuery({
    queryKey: ["assets", "one", id],
    queryFn: () =>
      held(api.GET("/api/v1/assets/{asset_id}", { params: { path: { asset_id: id } } })),
  });
  const asset = found.data;
  if (!asset) {
    return (
      <Page title={t("Asset")}>
        {found.error ? (
          <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
        ) : (
          <Waiting />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={asset.name ?? ""}
      aside={
        <span className="soft">
          <Link to="/assets">{t("Assets")}</Link> · {assetKindName(asset.kind ?? "")}
          {asset.archived_at && ` · ${t("archived")}`}
        </span>
      }
      actions={can("assets:write") && <Archive asset={asset} />}
    >
      <Tabs
        value={part}
        onChange={(next) => setAddress(next && next !== "about" ? { part: next } : {})}
        keepMounted={false}
        className={styles.tabs ?? ""}
      >
        <Tabs.List>
          <Tabs.Tab value="about">{t("How it stands")}</Tabs.Tab>
          {can("plans:read") && <Tabs.Tab value="plan">{t("Upgrade plan")}</Tabs.Tab>}
          {can("components:read") && <Tabs.Tab value="components">{t("What lies in it")}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="about" pt="md">
          <About asset={asset} />
        </Tabs.Panel>
        <Tabs.Panel value="plan" pt="md">
          <Plan id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="components" pt="md">
          <Components id={id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
