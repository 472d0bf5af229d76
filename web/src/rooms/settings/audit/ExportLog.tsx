import { Button } from "@mantine/core";
import { Download } from "lucide-react";
import { useState } from "react";
import { asked } from "@/pieces/list/query";
import { fetchPage } from "@/pieces/list/rows";
import { toast, toastProblem } from "@/pieces/Toasts";
import { t, tn } from "@/words/words";

const MOST = 100; // pages of a hundred: what a browser can well hold; more is for vigie audit

/** The entries that the filters find, as JSON lines: what the list shows on all its pages. */
export function ExportLog({ address }: { address: URLSearchParams }) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const { lines, isAll } = await gathered(asked(address));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(
        new Blob(
          lines.map((line) => `${line}\n`),
          { type: "application/jsonl" },
        ),
      );
      link.download = "audit.jsonl";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      const said = tn(lines.length, "{count} entry saved", "{count} entries saved");
      toast({ said: isAll ? said : `${said}. ${t("There are more: narrow the filter down.")}` });
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant="default"
      loading={busy}
      leftSection={<Download size={15} aria-hidden />}
      onClick={() => void save()}
    >
      {t("Export")}
    </Button>
  );
}

/** Every row that a question finds, one JSON document each, up to `MOST` pages. */
export async function gathered(
  question: Record<string, string>,
  page = fetchPage<unknown>,
): Promise<{ lines: string[]; isAll: boolean }> {
  const lines: string[] = [];
  let cursor = "";
  for (let at = 0; at < MOST; at += 1) {
    const found = await page("/api/v1/audit", { ...question, sort: "-id", limit: "100", cursor });
    lines.push(...found.items.map((item) => JSON.stringify(item)));
    cursor = found.next;
    if (!cursor) return { lines, isAll: true };
  }
  return { lines, isAll: false };
}
