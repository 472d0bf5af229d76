import { ShieldAlert } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "findings",
  order: 20,
  title: () => t("Findings"),
  icon: ShieldAlert,
  path: "/findings",
  permission: "findings:read",
  screens: [{ path: "/findings", load: () => import("./Findings") }],
  commands: [
    {
      title: () => t("Findings to act on now"),
      to: "/findings?counts=true&decision=act now&sort=-score",
    },
    {
      title: () => t("Findings known to be exploited"),
      to: "/findings?counts=true&kev=true&sort=-score",
    },
  ],
};
export default room;
