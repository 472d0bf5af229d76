import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { ArchiveRestore, Archive as Box } from "lucide-react";
import { useState } from "react";
import { api, held, ifMatch } from "@/api/client";
import { toast, toastProblem } from "@/pieces/Toasts";
import { t } from "@/words/words";
import type { Asset } from "./AssetPage";

/** Put away what is no longer there, or bring it back; the message takes it back. */
export function Archive({ asset }: { asset: Asset }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const isAway = Boolean(asset.archived_at);
  const put = async (away: boolean, revision: number | null | undefined) => {
    const params = { path: { asset_id: asset.id ?? "" }, header: ifMatch(revision) };
    const changed = await held(
      away
        ? api.POST("/api/v1/assets/{asset_id}/archive", { params })
        : api.POST("/api/v1/assets/{asset_id}/restore", { params }),
    );
    client.setQueryData(["assets", "one", asset.id], changed);
    await client.invalidateQueries({ queryKey: ["assets", "list"] });
    void client.invalidateQueries({ queryKey: ["overview"] });
    return changed;
  };
  const run = async () => {
    setBusy(true);
    try {
      const changed = await put(!isAway, asset.revision);
      toast({
        said: isAway ? t("Brought back") : t("Archived: it is no longer expected to be looked at"),
        undo: () => put(isAway, changed.revision),
      });
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  const Icon = isAway ? ArchiveRestore : Box;
  return (
    <Button
      variant="default"
      size="sm"
      loading={busy}
      leftSection={<Icon size={15} aria-hidden />}
      onClick={() => void run()}
    >
      {isAway ? t("Bring it back") : t("Archive")}
    </Button>
  );
}
