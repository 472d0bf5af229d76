import { Building2 } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "fleet",
  order: 105,
  title: () => t("Fleet"),
  icon: Building2,
  path: "/fleet",
  permission: "findings:read",
  // One tenant has its own first screen; side by side is for those who look after several.
  isFor: (me) => me.super_admin === true || (me.tenants ?? []).length > 1,
  screens: [{ path: "/fleet", load: () => import("./Fleet") }],
};
export default room;
