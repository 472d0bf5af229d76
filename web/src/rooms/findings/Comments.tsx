import { Button, Group, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, held, ifMatch } from "@/api/client";
import { useSession } from "@/api/session";
import { DrawerSection } from "@/pieces/Drawer";
import { toast, toastProblem } from "@/pieces/Toasts";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import type { Detail } from "./FindingDrawer";
import styles from "./findings.module.css";

type Said = Detail["comments"][number];

/** What people wrote about it. One's own words can be changed and taken away. */
export function Comments({ finding }: { finding: Detail }) {
  const { me, can } = useSession();
  const [editing, setEditing] = useState("");
  const id = finding.id ?? "";
  const { busy, attempt } = useAttempt();
  const write = (body: string) =>
    held(
      api.POST("/api/v1/findings/{finding_id}/comments", {
        params: { path: { finding_id: id } },
        body: { body },
      }),
    );
  const where = (comment: Said) => ({
    path: { finding_id: id, comment_id: comment.id },
    header: ifMatch(comment.revision),
  });
  const change = (comment: Said) => (body: string) =>
    attempt(async () => {
      const params = where(comment);
      await held(
        api.PATCH("/api/v1/findings/{finding_id}/comments/{comment_id}", {
          params,
          body: { body },
        }),
      );
      setEditing("");
    });
  const remove = (comment: Said, anew: () => Promise<void>) =>
    attempt(async () => {
      const params = where(comment);
      await held(api.DELETE("/api/v1/findings/{finding_id}/comments/{comment_id}", { params }));
      toast({ said: t("Comment deleted"), undo: () => write(comment.body).then(anew) });
    });
  const anew = useAnew();
  return (
    <DrawerSection title={t("Comments")} count={finding.comments.length}>
      {finding.comments.map((comment) => {
        const isOwn = comment.author_id === me.id && can("findings:comment");
        return (
          <article key={comment.id} className={styles.comment}>
            <header>
              <strong>{comment.author}</strong> <When at={comment.created_at} />
              {comment.edited_at && <span className="soft"> {t("(edited)")}</span>}
              {isOwn && editing !== comment.id && (
                <>
                  <Small disabled={busy} onClick={() => setEditing(comment.id)}>
                    {t("Change")}
                  </Small>
                  <Small disabled={busy} onClick={() => void remove(comment, anew)}>
                    {t("Delete")}
                  </Small>
                </>
              )}
            </header>
            {editing === comment.id ? (
              <Write
                busy={busy}
                first={comment.body}
                does={t("Save")}
                onWrite={change(comment)}
                onLeave={() => setEditing("")}
              />
            ) : (
              <p>{comment.body}</p>
            )}
          </article>
        );
      })}
      {can("findings:comment") && (
        <Write
          key={finding.comments.length}
          busy={busy}
          does={t("Comment")}
          onWrite={(body) => attempt(() => write(body))}
        />
      )}
    </DrawerSection>
  );
}

interface Writing {
  busy: boolean;
  does: string;
  first?: string;
  onWrite: (body: string) => Promise<void>;
  onLeave?: () => void;
}

function Write({ busy, does, first = "", onWrite, onLeave }: Writing) {
  const [text, setText] = useState(first);
  return (
    <form
      className={styles.write}
      onSubmit={(event) => {
        event.preventDefault();
        void onWrite(text);
      }}
    >
      <Textarea
        aria-label={t("Comment")}
        placeholder={t("What should the next person know?")}
        rows={2}
        resize="vertical"
        maxLength={10_000}
        value={text}
        autoFocus={Boolean(onLeave)}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button type="submit" size="xs" loading={busy} disabled={!text.trim()}>
          {does}
        </Button>
        {onLeave && (
          <Button size="xs" variant="default" disabled={busy} onClick={onLeave}>
            {t("Cancel")}
          </Button>
        )}
      </Group>
    </form>
  );
}

function Small(props: { disabled: boolean; onClick: () => void; children: ReactNode }) {
  return <Button size="compact-xs" variant="subtle" color="gray" {...props} />;
}

function useAnew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["findings"] });
}

/** Carries out a change, tells what goes wrong, and shows what is there then. */
function useAttempt() {
  const anew = useAnew();
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
      await anew();
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, attempt };
}
