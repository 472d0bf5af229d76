import { Button, FileButton } from "@mantine/core";
import { FileUp } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column, Facet, View } from "@/pieces/list/types";
import { Name } from "@/pieces/Name";
import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { stateName } from "@/words/nouns";
import { t } from "@/words/words";
import { HandedIn } from "./HandedIn";
import { useHanding } from "./handing";
import { ImportDrawer } from "./ImportDrawer";
import { Gist } from "./Scans";
import styles from "./scans.module.css";

type Row = Shape<"ListedImport">;

const COLUMNS = (): Column<Row>[] => [
  {
    id: "name",
    title: t("Report"),
    fields: ["name"],
    width: 180,
    grow: 3,
    cell: (row) => (
      <strong>
        <Name text={row.name ?? ""} />
      </strong>
    ),
  },
  {
    id: "format",
    title: t("Recognised as"),
    fields: ["format", "origin"],
    width: 130,
    cell: (row) => row.format || (row.origin === "scan" ? t("Scan") : <span>–</span>),
  },
  {
    id: "state",
    title: t("State"),
    fields: ["state"],
    width: 110,
    cell: (row) => <State value={row.state} />,
  },
  {
    id: "outcome",
    title: t("What it changed"),
    fields: ["summary"],
    width: 300,
    grow: 1,
    cell: (row) => <Gist summary={row.summary} importId={row.id ?? ""} />,
  },
  {
    id: "actor",
    title: t("Handed in by"),
    fields: ["actor"],
    width: 150,
    optional: true,
    cell: (row) => row.actor,
  },
  {
    id: "created_at",
    title: t("When"),
    fields: ["created_at"],
    width: 130,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
];

const FACETS = (): Facet[] => [
  { field: "state", title: t("State"), name: stateName },
  { field: "format", title: t("Recognised as") },
  { field: "origin", title: t("Came by"), name: originName },
];

const VIEWS = (): View[] => [
  { name: t("All imports"), query: "sort=-created_at" },
  { name: t("Reports alone"), query: "origin=upload,push&sort=-created_at" },
  { name: t("Failed imports"), query: "state=failed&sort=-created_at" },
];

function originName(value: string): string {
  const names: Record<string, string> = {
    upload: t("Upload"),
    push: t("Pipeline"),
    scan: t("Scan"),
  };
  return names[value] ?? value;
}

/** Reports of any scanner: dropped anywhere on the page, or chosen. */
export default function Imports() {
  const { can } = useSession();
  const may = can("imports:write");
  const { handed, hand, again, clear } = useHanding();
  const [isOver, setOver] = useState(false);
  const depth = useRef(0);
  const hasFiles = (event: DragEvent) => may && event.dataTransfer.types.includes("Files");
  const moved = (event: DragEvent, by: number) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  const choose = (
    <FileButton multiple onChange={(files) => void hand(files)}>
      {(props) => (
        <Button {...props} leftSection={<FileUp size={15} aria-hidden />}>
          {t("Choose files")}
        </Button>
      )}
    </FileButton>
  );
  return (
    <div
      className={styles.whole}
      onDragEnter={(event) => moved(event, 1)}
      onDragLeave={(event) => moved(event, -1)}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        void hand([...event.dataTransfer.files]);
      }}
    >
      <List<Row>
        noun="imports"
        title={t("Imports")}
        path="/api/v1/imports"
        columns={COLUMNS()}
        facets={FACETS()}
        views={VIEWS()}
        fields={["name", "state", "summary", "format", "created_at"]}
        rowName={(row) => row.name ?? ""}
        narrow={(row) => (
          <div className={styles.card}>
            <strong>{row.name}</strong>
            <div>
              <State value={row.state} /> <When at={row.created_at} />
            </div>
          </div>
        )}
        lead={
          may && (
            <>
              <div className={styles.drop} data-over={isOver || undefined}>
                <FileUp size={20} aria-hidden />
                <p>
                  <strong>{t("Drop reports here")}</strong>{" "}
                  <span className="soft">
                    {t("one or many, of any scanner: the format is recognised")}
                  </span>
                </p>
                {choose}
              </div>
              {handed.length > 0 && <HandedIn handed={handed} onAgain={again} onClear={clear} />}
            </>
          )
        }
        drawer={(open) => <ImportDrawer key={open.id} {...open} />}
        empty={
          <Empty title={t("No reports yet")}>
            <p>
              {t(
                "Drop what your scanners wrote onto this page: Trivy, Grype, Semgrep, ZAP, SARIF, CycloneDX and many more. Reports about one thing are merged.",
              )}
            </p>
          </Empty>
        }
      />
    </div>
  );
}
