import { Button, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, ifMatch } from "@/api/client";
import { useSession } from "@/api/session";
import { DrawerSection } from "@/pieces/Drawer";
import { toast, toastProblem } from "@/pieces/Toasts";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import type { Detail } from "./FindingDrawer";
import styles from "./findings.module.css";

/** What people wrote about it. */
export function Comments({ finding }: { finding: Detail }) {
  const { me, can } = useSession();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const id = finding.id ?? "";
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
      await client.invalidateQueries({ queryKey: ["findings"] });
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  const write = (body: string) =>
    held(
      api.POST("/api/v1/findings/{finding_id}/comments", {
        params: { path: { finding_id: id } },
        body: { body },
      }),
    );
  const remove = (comment: Detail["comments"][number]) =>
    attempt(async () => {
      const path = { finding_id: id, comment_id: comment.id };
      await held(
        api.DELETE("/api/v1/findings/{finding_id}/comments/{comment_id}", {
          params: { path, header: ifMatch(comment.revision) },
        }),
      );
      toast({
        said: t("Comment deleted"),
        undo: () =>
          write(comment.body).then(() => client.invalidateQueries({ queryKey: ["findings"] })),
      });
    });
  return (
    <DrawerSection title={t("Comments")} count={finding.comments.length}>
      {finding.comments.map((comment) => (
        <article key={comment.id} className={styles.comment}>
          <header>
            <strong>{comment.author}</strong> <When at={comment.created_at} />
            {comment.edited_at && <span className="soft"> {t("(edited)")}</span>}
            {comment.author_id === me.id && can("findings:comment") && (
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                disabled={busy}
                onClick={() => void remove(comment)}
              >
                {t("Delete")}
              </Button>
            )}
          </header>
          <p>{comment.body}</p>
        </article>
      ))}
      {can("findings:comment") && (
        <form
          className={styles.write}
          onSubmit={(event) => {
            event.preventDefault();
            void attempt(async () => {
              await write(text);
              setText("");
            });
          }}
        >
          <Textarea
            aria-label={t("Comment")}
            placeholder={t("What should the next person know?")}
            rows={2}
            resize="vertical"
            maxLength={10_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" loading={busy} disabled={!text.trim()}>
            {t("Comment")}
          </Button>
        </form>
      )}
    </DrawerSection>
  );
}
