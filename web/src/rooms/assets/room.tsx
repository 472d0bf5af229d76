import { Boxes } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "assets",
  order: 30,
  title: () => t("Assets"),
  icon: Boxes,
  path: "/assets",
  permission: "assets:read",
  screens: [{ path: "/assets", load: () => import("./AssetsRoom") }],
};
export default room;
