import { Button, Popover, Stack } from "@mantine/core";
import { Download } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { download } from "@/pieces/download";
import { toast, toastProblem } from "@/pieces/Toasts";
import { t } from "@/words/words";
import { asked } from "./query";

const FORM = { variant: "subtle", color: "gray", size: "xs", justify: "start" } as const;

interface Props {
  /** Of the API: it takes the list's filters and a `format`. */
  path: string;
  /** Of the file, without what the format is called. */
  name: string;
  /** Formats and what they are good for. */
  forms: [format: string, title: string][];
  /** What is said once the file is there. */
  said: string;
}

/** The rows that the filters find, all of them, as a file that the server writes. */
export function Export({ path, name, forms, said }: Props) {
  const [address] = useSearchParams();
  const [busy, setBusy] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const save = async (form: string) => {
    setOpen(false);
    setBusy(true);
    try {
      await download(exportPath(path, address, form), `${name}.${form}`);
      toast({ said });
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
          {forms.map(([form, title]) => (
            <Button key={form} {...FORM} onClick={() => void save(form)}>
              {title}
            </Button>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Where the server writes what this address shows on all its pages. */
export function exportPath(path: string, address: URLSearchParams, form: string): string {
  return `${path}?${new URLSearchParams({ ...asked(address), format: form })}`;
}
