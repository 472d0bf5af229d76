import { Button, Progress, TextInput } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { api, held } from "@/api/client";
import { fetchPage } from "@/pieces/list/rows";
import { State } from "@/pieces/State";
import { t, tn } from "@/words/words";
import { Did } from "./Did";
import { ENDED } from "./following";
import type { Handed, Import } from "./handing";
import styles from "./scans.module.css";
import { type Merged, mergedOf, saidOf } from "./summaries";

const EXAMPLE = "repository:shop";

interface Props {
  handed: Handed[];
  onAgain: (one: Handed, asset: string) => void;
  onClear: () => void;
}

/** What was handed in since the page was opened: how far each is, and what came of it. */
export function HandedIn({ handed, onAgain, onClear }: Props) {
  const found = useQueries({
    queries: handed.map(({ id }) => ({
      queryKey: ["imports", "one", id],
      queryFn: () =>
        held(api.GET("/api/v1/imports/{import_id}", { params: { path: { import_id: id } } })),
      enabled: id !== "",
      // The stream says when it changes; this is for when the stream is lost.
      refetchInterval: (query: { state: { data?: Import | undefined } }) =>
        ENDED.has(query.state.data?.state ?? "") ? (false as const) : 3_000,
    })),
  });
  const rows = handed.map((one, at) => ({ one, row: one.id ? found[at]?.data : undefined }));
  const taken = rows.map(({ row }) => ({ format: row?.format ?? "", said: saidOf(row?.summary) }));
  const isOver = rows.every(({ one, row }) => one.problem || (row && ENDED.has(row.state)));
  return (
    <section className={styles.handed} aria-label={t("Handed in just now")} aria-live="polite">
      <header>
        <h2>{t("Handed in just now")}</h2>
        {isOver && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
            {t("Clear this list")}
          </Button>
        )}
      </header>
      {mergedOf(taken).map((merged) => (
        <MergedNote key={merged.id} merged={merged} />
      ))}
      <ul>
        {rows.map(({ one, row }) => (
          <One key={one.key} one={one} row={row} onAgain={(asset) => onAgain(one, asset)} />
        ))}
      </ul>
    </section>
  );
}

function One({
  one,
  row,
  onAgain,
}: {
  one: Handed;
  row: Import | undefined;
  onAgain: (asset: string) => void;
}) {
  const said = saidOf(row?.summary);
  const why = one.problem ?? said?.error;
  return (
    <li>
      <div className={styles.handedRow}>
        <strong>{one.file.name}</strong>
        {row ? (
          <State value={row.state} />
        ) : one.problem ? (
          <State value="failed" />
        ) : (
          <Progress
            className={styles.sending ?? ""}
            value={one.sent * 100}
            aria-label={t("Sending {name}", { name: one.file.name })}
          />
        )}
        {row?.format && <span className="soft">{row.format}</span>}
        {said && !said.error && !said.isVex && (
          <span className={styles.counts}>
            <Did said={said} importId={one.id} />
            {said.assets.slice(0, 3).map((asset) => (
              <Link key={asset.id} to={`/assets/${asset.id}`}>
                {asset.name}
              </Link>
            ))}
          </span>
        )}
        {said?.isVex && <span>{t("Statements (VEX)")}</span>}
      </div>
      {why && (
        <>
          <p className={styles.wrong}>{why.message}</p>
          {why.hint && <p className="soft">{why.hint}</p>}
          <About onAgain={onAgain} />
        </>
      )}
    </li>
  );
}

/** Hand it in again, saying what it is about. */
function About({ onAgain }: { onAgain: (asset: string) => void }) {
  const [asset, setAsset] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onAgain(asset.trim());
  };
  return (
    <form className={styles.again} onSubmit={send}>
      <TextInput
        size="xs"
        aria-label={t("The asset it speaks of")}
        placeholder={EXAMPLE}
        maxLength={500}
        value={asset}
        onChange={(event) => setAsset(event.currentTarget.value)}
      />
      <Button size="xs" variant="default" type="submit">
        {t("Hand it in again")}
      </Button>
    </form>
  );
}

/** Two scanners about one thing: what they say alike is one finding. */
function MergedNote({ merged }: { merged: Merged }) {
  const rows = `/findings?asset_id=${merged.id}&source=${merged.formats.join(",")}`;
  const found = useQuery({
    queryKey: ["findings", "merged", merged.id, merged.formats],
    queryFn: ({ signal }) =>
      fetchPage(
        "/api/v1/findings",
        { asset_id: merged.id, source: merged.formats.join(","), fields: "id", limit: "1" },
        signal,
      ),
  });
  const total = found.data?.total;
  if (total === undefined) return null;
  const alike = Math.max(0, merged.seen - total);
  return (
    <p className={styles.merged}>
      {t("{tools} were merged: they name {seen} findings of {asset}, {alike} of them alike.", {
        tools: merged.formats.join(" + "),
        seen: merged.seen,
        asset: merged.name,
        alike,
      })}{" "}
      <Link to={`${rows}&sort=-score`}>
        {tn(total, "See the one finding", "See the {count} findings")}
      </Link>
    </p>
  );
}
