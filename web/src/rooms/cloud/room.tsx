import { Cloud } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "cloud",
  order: 50,
  title: () => t("Cloud"),
  icon: Cloud,
  path: "/cloud",
  screens: [{ path: "/cloud", load: () => import("./CloudRoom") }],
};
export default room;
