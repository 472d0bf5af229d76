import { House } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "now",
  order: 10,
  title: () => t("Now"),
  icon: House,
  path: "/",
  screens: [{ path: "/", load: () => import("./NowRoom") }],
};
export default room;
