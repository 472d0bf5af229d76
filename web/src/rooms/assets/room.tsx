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
  screens: [
    { path: "/assets", load: () => import("./Assets") },
    { path: "/assets/:id", load: () => import("./AssetPage") },
  ],
  commands: [
    {
      title: () => t("Assets that nobody has looked at"),
      to: "/assets?archived=false&looked_at_ever=false&sort=-last_seen",
    },
  ],
};
export default room;
