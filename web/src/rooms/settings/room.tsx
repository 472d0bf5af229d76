import { Settings as Icon } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";
import { PLACES } from "./places";

const room: Room = {
  id: "settings",
  order: 110,
  title: () => t("Settings"),
  icon: Icon,
  path: "/settings",
  screens: [
    { path: "/settings", load: () => import("./SettingsRoom") },
    ...PLACES.map((place) => ({ ...place, inRail: true })),
  ],
};
export default room;
