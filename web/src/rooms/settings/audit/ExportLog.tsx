import { Button, Menu } from "@mantine/core";
import { Download } from "lucide-react";
import { useState } from "react";
import { download } from "@/pieces/download";
import { asked } from "@/pieces/list/query";
import { toast, toastProblem } from "@/pieces/Toasts";
import { t } from "@/words/words";

type Form = "jsonl" | "csv" | "syslog";

/** The entries that the filters find, all of them, as a file that the server writes. */
export function ExportLog({ address }: { address: URLSearchParams }) {
  const [busy, setBusy] = useState(false);
  const save = async (form: Form) => {
    setBusy(true);
    try {
      await download(exportPath(address, form), `audit.${form}`);
      toast({ said: t("The log is saved") });
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={busy} leftSection={<Download size={15} aria-hidden />}>
          {t("Export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save("jsonl")}>{t("JSON lines, with the chain")}</Menu.Item>
        <Menu.Item onClick={() => void save("csv")}>{t("CSV, for a spreadsheet")}</Menu.Item>
        <Menu.Item onClick={() => void save("syslog")}>{t("Syslog messages (RFC 5424)")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Where the server writes what this address shows on all its pages. */
export function exportPath(address: URLSearchParams, form: Form): string {
  const question = new URLSearchParams({ ...asked(address), format: form });
  return `/api/v1/audit/export?${question}`;
}
