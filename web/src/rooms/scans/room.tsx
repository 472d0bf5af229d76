import { ScanSearch } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "scans",
  order: 35,
  title: () => t("Scans and imports"),
  icon: ScanSearch,
  path: "/scans",
  permission: "scans:read",
  screens: [
    {
      path: "/scans",
      load: () => import("./Scans"),
    },
    {
      path: "/imports",
      load: () => import("./Imports"),
      title: () => t("Imports"),
      inRail: true,
      permission: "imports:read",
    },
  ],
  commands: [
    { title: () => t("Start a scan"), to: "/scans?new=1", permission: "scans:write" },
    { title: () => t("Import a report"), to: "/imports", permission: "imports:write" },
  ],
};
export default room;
