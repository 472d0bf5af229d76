import { ClipboardCheck } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "compliance",
  order: 90,
  title: () => t("Compliance"),
  icon: ClipboardCheck,
  path: "/compliance",
  screens: [{ path: "/compliance", load: () => import("./ComplianceRoom") }],
};
export default room;
