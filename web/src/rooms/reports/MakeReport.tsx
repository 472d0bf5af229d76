import { Button, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, held } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { DialogFoot } from "@/pieces/DialogFoot";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { language, t } from "@/words/words";
import { type Formats, languageName } from "./columns";
import { CONTENTS, contentName, filtersOf } from "./contents";

interface Props {
  formats: Formats;
  onDone: () => void;
}

/** Asks for a document. It is made in the background; the drawer that opens shows how far it is. */
export function MakeReport({ formats, onDone }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [content, setContent] = useState("open");
  const [title, setTitle] = useState("");
  const [format, setFormat] = useState("pdf");
  const [spoken, setSpoken] = useState<"en" | "fr">(language());
  const [asset, setAsset] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const make = async () => {
    setBusy(true);
    setProblem(undefined);
    const body = {
      title: title.trim() || contentName(content),
      format,
      language: spoken,
      filters: filtersOf(content, asset),
    };
    try {
      const made = await held(api.POST("/api/v1/reports", { body }));
      await client.invalidateQueries({ queryKey: ["reports"] });
      toast({ said: t("The report is being made") });
      void navigate(`/reports?sort=-created_at&show=${made.id}`);
    } catch (thrown) {
      setProblem(problemFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onDone}
      title={t("Make a report")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Stack gap="sm">
          <Select
            label={t("What it is about")}
            data={CONTENTS.map((one) => ({ value: one, label: contentName(one) }))}
            value={content}
            allowDeselect={false}
            data-autofocus
            onChange={(next) => next && setContent(next)}
          />
          <TextInput
            label={t("Only assets whose name holds")}
            placeholder={t("all of them")}
            value={asset}
            maxLength={200}
            onChange={(event) => setAsset(event.currentTarget.value)}
          />
          <TextInput
            label={t("Title")}
            placeholder={contentName(content)}
            value={title}
            maxLength={200}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Select
            label={t("Format")}
            data={Object.values(formats).map((one) => ({ value: one.format, label: one.label }))}
            value={format}
            allowDeselect={false}
            searchable
            onChange={(next) => next && setFormat(next)}
          />
          <Select
            label={t("Language")}
            data={["en", "fr"].map((one) => ({ value: one, label: languageName(one) }))}
            value={spoken}
            allowDeselect={false}
            onChange={(next) => next && setSpoken(next as "en" | "fr")}
          />
          {problem && <ProblemView problem={problem} />}
          <DialogFoot>
            <Button variant="default" onClick={onDone}>
              {t("Cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {t("Make the report")}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}
