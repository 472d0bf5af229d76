import { Button, Group, Progress } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import { download } from "@/pieces/download";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { State } from "@/pieces/State";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import {
  type Formats,
  formatName,
  isOnItsWay,
  languageName,
  type Row,
  reportState,
} from "./columns";

const LOOK = 1_500; // ms between two looks at one that is being made

/** One document: how far it is, and the file once it is there. */
export function ReportDrawer({
  id,
  formats,
  onClose,
  onPrevious,
  onNext,
}: OpenRow & { formats: Formats }) {
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ["reports", "one", id],
    queryFn: () =>
      held(api.GET("/api/v1/reports/{report_id}", { params: { path: { report_id: id } } })),
    refetchInterval: (query) => (isOnItsWay(query.state.data?.state ?? "") ? LOOK : false),
  });
  const row = found.data;
  const state = row?.state;
  useEffect(() => {
    // The list behind it shows the new state too.
    if (state && !isOnItsWay(state)) {
      void client.invalidateQueries({ queryKey: ["reports"], type: "active", exact: false });
    }
  }, [client, state]);
  return (
    <Drawer
      kind={row ? formatName(formats)(row.format) : ""}
      title={row?.title ?? t("Loading…")}
      state={row && <State value={row.state} name={reportState(row.state)} />}
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : row ? (
        <>
          <File row={row} formats={formats} onGone={onClose} />
          <DrawerSection title={t("What and when")}>
            <Facts
              facts={[
                [t("Format"), formatName(formats)(row.format)],
                [t("Language"), languageName(row.language)],
                [
                  t("Findings"),
                  <Link key="behind" to={`/findings?${behind(row)}`}>
                    {t("See the findings")}
                  </Link>,
                ],
                [t("Asked for by"), row.actor],
                [t("Asked for"), <When key="asked" at={row.created_at} />],
                [t("Made"), row.ended_at && <When at={row.ended_at} />],
              ]}
            />
          </DrawerSection>
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

/** The address of the findings that it was made of. */
function behind(row: Row): string {
  const filters = Object.entries(row.filters ?? {}).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams([...filters, ["sort", "-score"]] as [string, string][]).toString();
}

function File({ row, formats, onGone }: { row: Row; formats: Formats; onGone: () => void }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [busy, setBusy] = useState("");
  const attempt = async (what: string, work: () => Promise<void>) => {
    setBusy(what);
    try {
      await work();
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy("");
    }
  };
  const save = () =>
    download(`/api/v1/reports/${row.id}/file`, `${row.title}${formats[row.format]?.suffix ?? ""}`);
  const remove = async () => {
    await held(
      api.DELETE("/api/v1/reports/{report_id}", { params: { path: { report_id: row.id } } }),
    );
    onGone();
    const anew = () => client.invalidateQueries({ queryKey: ["reports"] });
    const { title, format } = row;
    const filters = Object.fromEntries(
      Object.entries(row.filters ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const body = { title, format, filters, language: row.language as "en" | "fr" };
    // What is gone is gone; taking it back makes it again, from the findings as they are now.
    toast({
      said: t("Report deleted"),
      undo: () => held(api.POST("/api/v1/reports", { body })).then(anew),
    });
    await anew();
  };
  return (
    <DrawerSection title={t("File")}>
      {isOnItsWay(row.state) && (
        <div role="status">
          <p>{t("It is being made. You may go on; it stays here.")}</p>
          <Progress value={100} animated aria-label={t("Progress")} />
        </div>
      )}
      {row.state === "failed" && <Failure row={row} />}
      <Group gap="xs" mt="xs">
        {row.state === "done" && (
          <Button
            size="sm"
            leftSection={<FileDown size={16} aria-hidden />}
            loading={busy === "save"}
            onClick={() => void attempt("save", save)}
          >
            {t("Download")}
          </Button>
        )}
        {can("reports:write") && !isOnItsWay(row.state) && (
          <Button
            size="sm"
            variant="default"
            loading={busy === "remove"}
            onClick={() => void attempt("remove", remove)}
          >
            {t("Delete")}
          </Button>
        )}
      </Group>
    </DrawerSection>
  );
}

/** Why it could not be made, as its job says. */
function Failure({ row }: { row: Row }) {
  const job = useQuery({
    queryKey: ["jobs", "one", row.job_id],
    enabled: Boolean(row.job_id),
    queryFn: () =>
      held(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: row.job_id ?? "" } } })),
  });
  return (
    <p role="alert">
      {t("It could not be made.")} {String(job.data?.error?.message ?? "")}
    </p>
  );
}
