import { FileText } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "reports",
  order: 100,
  title: () => t("Reports"),
  icon: FileText,
  path: "/reports",
  permission: "reports:read",
  screens: [
    { path: "/reports", load: () => import("./ReportsList") },
    { path: "/reports/new", load: () => import("./ReportsList"), permission: "reports:write" },
  ],
  commands: [{ title: () => t("Make a report"), to: "/reports/new", permission: "reports:write" }],
};
export default room;
