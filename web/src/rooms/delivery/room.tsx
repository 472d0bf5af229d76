import { Rocket } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "delivery",
  order: 70,
  title: () => t("Delivery"),
  icon: Rocket,
  path: "/delivery",
  screens: [{ path: "/delivery", load: () => import("./DeliveryRoom") }],
};
export default room;
