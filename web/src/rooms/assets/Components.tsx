import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { Copyable } from "@/pieces/Copyable";
import { Empty } from "@/pieces/Empty";
import { fetchPage } from "@/pieces/list/rows";
import { ProblemView } from "@/pieces/ProblemView";
import { Waiting } from "@/pieces/Waiting";
import { numberOf, t, tn } from "@/words/words";
import styles from "./assets.module.css";

type Row = Shape<"Component">;
const PAGE = 100;

/** What lies in the asset, with a search. */
export function Components({ id }: { id: string }) {
  const [text, setText] = useState("");
  const [words] = useDebouncedValue(text.trim(), 250);
  const found = useInfiniteQuery({
    queryKey: ["components", "of", id, words],
    queryFn: ({ pageParam, signal }) =>
      fetchPage<Row>(
        "/api/v1/components",
        { asset_id: id, q: words, sort: "name", limit: String(PAGE), cursor: pageParam },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const first = found.data?.pages[0];
  const hasLicences = rows.some((row) => (row.licences ?? []).length > 0);
  return (
    <div className={styles.stack}>
      <div className={styles.searching}>
        <TextInput
          type="search"
          aria-label={t("Search components")}
          placeholder={t("Name, version or package URL")}
          leftSection={<Search size={15} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {first && (
          <span className="soft" aria-live="polite">
            {tn(first.total, "{count} component", "{count} components")}
          </span>
        )}
      </div>
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : !first ? (
        <Waiting />
      ) : rows.length === 0 ? (
        <Empty title={words ? t("No component is called that") : t("No components are known")}>
          {!words && <p>{t("No report has said yet what lies in it. An SBOM or a scan does.")}</p>}
        </Empty>
      ) : (
        <div
          className={`${styles.panel} ${styles.scroll}`}
          tabIndex={0}
          role="group"
          aria-label={t("What lies in it")}
        >
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("Component")}</th>
                <th scope="col">{t("Version")}</th>
                <th scope="col" className={styles.spare}>
                  {t("Kind")}
                </th>
                {hasLicences && <th scope="col">{t("Licences")}</th>}
                <th scope="col" className="figures">
                  {t("Open findings")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row">{row.name}</th>
                  <td>
                    {row.version ? (
                      <Copyable text={row.version} most={26} />
                    ) : (
                      <span className="soft">{t("unknown")}</span>
                    )}
                  </td>
                  <td className={styles.spare}>{row.type}</td>
                  {hasLicences && (
                    <td className={`soft ${styles.wrap}`}>
                      {row.licences?.slice(0, 3).join(", ")}
                    </td>
                  )}
                  <td className="figures">
                    <Link
                      to={`/findings?asset_id=${id}&component_id=${row.id}&counts=true&sort=-score`}
                    >
                      <span className="visually-hidden">{row.name}: </span>
                      {numberOf(row.findings ?? 0)}
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.hasNextPage && (
        <Button
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("Show more")}
        </Button>
      )}
    </div>
  );
}
