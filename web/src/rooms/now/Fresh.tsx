import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Radar } from "lucide-react";
import { Link } from "react-router";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { fetchPage } from "@/pieces/list/rows";
import { Page } from "@/pieces/Page";
import { t } from "@/words/words";

/** Nothing was looked at yet: the one next step. */
export function Fresh() {
  const { can } = useSession();
  const running = useQuery({
    queryKey: ["jobs", "first"],
    queryFn: ({ signal }) =>
      fetchPage<Shape<"ListedJob">>(
        "/api/v1/jobs",
        { state: "queued,running", kind: "scan,import", limit: "1" },
        signal,
      ),
    enabled: can("jobs:read"),
  });
  const isUnderWay = (running.data?.items.length ?? 0) > 0;
  return (
    <Page title={t("Now")}>
      <Empty
        icon={<Radar size={36} />}
        title={isUnderWay ? t("The first look is under way") : t("Nothing was looked at yet")}
        step={
          isUnderWay ? (
            <Button component={Link} to="/scans">
              {t("Watch it")}
            </Button>
          ) : can("imports:write") ? (
            <Button component={Link} to="/imports">
              {t("Drag a report in")}
            </Button>
          ) : undefined
        }
      >
        <p>
          {isUnderWay
            ? t("What is found shows here by itself; you need not reload.")
            : t(
                "Hand in a report of a scanner that you have, and Vigie says here what to do first, and why.",
              )}
        </p>
        {!isUnderWay && can("scans:write") && (
          <p>
            <Link to="/scans?new=1">{t("Or scan an image or a folder")}</Link>
          </p>
        )}
      </Empty>
    </Page>
  );
}
