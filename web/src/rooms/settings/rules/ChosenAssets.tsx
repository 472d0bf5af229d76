import { MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchPage } from "@/pieces/list/rows";
import { t } from "@/words/words";

interface Asset {
  id: string;
  name: string;
}

/** Assets found by their names, kept by their ids. */
export function ChosenAssets({ ids, onIds }: { ids: string[]; onIds: (ids: string[]) => void }) {
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 250);
  const few = { fields: "id,name", limit: "50" };
  const found = useQuery({
    queryKey: ["assets", "to choose", q],
    queryFn: ({ signal }) => fetchPage<Asset>("/api/v1/assets", { ...few, q }, signal),
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery({
    queryKey: ["assets", "chosen", ids],
    queryFn: ({ signal }) =>
      fetchPage<Asset>("/api/v1/assets", { ...few, limit: "200", id: ids.join(",") }, signal),
    placeholderData: keepPreviousData,
    enabled: ids.length > 0,
  });
  const names = new Map(ids.map((id) => [id, id]));
  for (const one of [...(found.data?.items ?? []), ...(chosen.data?.items ?? [])]) {
    names.set(one.id, one.name);
  }
  return (
    <MultiSelect
      label={t("Only these assets")}
      searchable
      value={ids}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={t("No asset is called that")}
      data={[...names].map(([value, label]) => ({ value, label }))}
      onChange={onIds}
    />
  );
}
