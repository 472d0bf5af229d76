import { Radar } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "runtime",
  order: 80,
  title: () => t("Runtime"),
  icon: Radar,
  path: "/runtime",
  screens: [{ path: "/runtime", load: () => import("./RuntimeRoom") }],
};
export default room;
