import { EyeOff } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "suppressions",
  order: 25,
  title: () => t("Suppressions"),
  icon: EyeOff,
  path: "/suppressions",
  permission: "suppressions:read",
  screens: [{ path: "/suppressions", load: () => import("./SuppressionsList") }],
};
export default room;
