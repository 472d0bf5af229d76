import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { FilePlus2, FileText } from "lucide-react";
import { useLocation, useNavigate } from "react-router";
import { api, held } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { COLUMNS, FACETS, type Formats, formatName, type Row, reportState, VIEWS } from "./columns";
import { MakeReport } from "./MakeReport";
import { ReportDrawer } from "./ReportDrawer";
import styles from "./reports.module.css";

/** Every document that was asked for, and the way to ask for another. */
export default function ReportsList() {
  const { can } = useSession();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const known = useQuery({
    queryKey: ["report-formats"],
    queryFn: () => held(api.GET("/api/v1/reports/formats")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const formats: Formats = Object.fromEntries(
    (known.data ?? []).map((one) => [one.format, one] as const),
  );
  const mayMake = can("reports:write");
  const making = pathname === "/reports/new";
  const make = (on: boolean) =>
    void navigate({ pathname: on ? "/reports/new" : "/reports", search }, { replace: !on });
  const button = mayMake && (
    <Button leftSection={<FilePlus2 size={15} aria-hidden />} onClick={() => make(true)}>
      {t("Make a report")}
    </Button>
  );
  return (
    <>
      <List<Row>
        noun="reports"
        title={t("Reports")}
        path="/api/v1/reports"
        columns={COLUMNS(formats)}
        facets={FACETS(formats)}
        views={VIEWS()}
        fields={["title", "format", "state"]}
        rowName={(row) => `${row.title} · ${formatName(formats)(row.format)}`}
        narrow={(row) => (
          <div className={styles.card}>
            <div>
              <strong>{row.title}</strong> <State value={row.state} name={reportState(row.state)} />
            </div>
            <div className="soft">
              {formatName(formats)(row.format)} <When at={row.created_at} />
            </div>
          </div>
        )}
        drawer={(open) => <ReportDrawer key={open.id} formats={formats} {...open} />}
        actions={button}
        empty={
          <Empty title={t("What do I hand out?")} icon={<FileText size={36} />} step={button}>
            <p>
              {t(
                "Reports as PDF, HTML, spreadsheets and exchange formats, made from the findings as they stand.",
              )}
            </p>
          </Empty>
        }
      />
      {making && mayMake && <MakeReport formats={formats} onDone={() => make(false)} />}
    </>
  );
}
