import { Button, Popover, Stack } from "@mantine/core";
import { Download } from "lucide-react";
import { useState } from "react";
import { download } from "@/pieces/download";
import { asked } from "@/pieces/list/query";
import { toast, toastProblem } from "@/pieces/Toasts";
import { t } from "@/words/words";

const FORM = { variant: "subtle", color: "gray", size: "xs", justify: "start" } as const;

type Form = "jsonl" | "csv" | "syslog";

/** The entries that the filters find, all of them, as a file that the server writes. */
export function ExportLog({ address }: { address: URLSearchParams }) {
  const [busy, setBusy] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const save = async (form: Form) => {
    setOpen(false);
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
    <Popover position="bottom-end" trapFocus opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <Button
          variant="default"
          loading={busy}
          leftSection={<Download size={15} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {t("Export")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Stack gap={4}>
          <Button {...FORM} onClick={() => void save("jsonl")}>
            {t("JSON lines, with the chain")}
          </Button>
          <Button {...FORM} onClick={() => void save("csv")}>
            {t("CSV, for a spreadsheet")}
          </Button>
          <Button {...FORM} onClick={() => void save("syslog")}>
            {t("Syslog messages (RFC 5424)")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Where the server writes what this address shows on all its pages. */
export function exportPath(address: URLSearchParams, form: Form): string {
  const question = new URLSearchParams({ ...asked(address), format: form });
  return `/api/v1/audit/export?${question}`;
}
