import { Activity } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "watch",
  order: 40,
  title: () => t("Watch"),
  icon: Activity,
  path: "/watch",
  screens: [{ path: "/watch", load: () => import("./WatchRoom") }],
};
export default room;
