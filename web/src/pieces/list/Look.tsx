import { ActionIcon, Menu } from "@mantine/core";
import { Settings2 } from "lucide-react";
import { t } from "@/words/words";
import type { Column } from "./types";

export type Density = "close" | "wide";

interface Props<Row> {
  columns: Column<Row>[];
  shown: Set<string>;
  onShown: (ids: string[]) => void;
  density: Density;
  onDensity: (next: Density) => void;
}

/** Which columns, and how high a row is. */
export function Look<Row>({ columns, shown, onShown, density, onDensity }: Props<Row>) {
  const flip = (id: string) => {
    const next = columns
      .map((c) => c.id)
      .filter((one) => (one === id ? !shown.has(id) : shown.has(one)));
    if (next.length > 0) onShown(next);
  };
  return (
    <Menu position="bottom-end" closeOnItemClick={false} withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t("Columns and density")}
          title={t("Columns and density")}
        >
          <Settings2 size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("Rows")}</Menu.Label>
        <Menu.RadioGroup value={density} onChange={(next) => onDensity(next as Density)}>
          <Menu.RadioItem value="close">{t("Close together")}</Menu.RadioItem>
          <Menu.RadioItem value="wide">{t("With more room")}</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Label>{t("Columns")}</Menu.Label>
        {columns.map((column) => (
          <Menu.CheckboxItem
            key={column.id}
            checked={shown.has(column.id)}
            onChange={() => flip(column.id)}
          >
            {column.title}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
