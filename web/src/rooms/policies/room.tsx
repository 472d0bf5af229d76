import { Scale } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "policies",
  order: 85,
  title: () => t("Policies"),
  icon: Scale,
  path: "/policies",
  permission: "policies:read",
  screens: [
    { path: "/policies", load: () => import("./PoliciesList") },
    { path: "/policies/:id", load: () => import("./PolicyEditor") },
  ],
  commands: [
    { title: () => t("Write a policy"), to: "/policies/new", permission: "policies:write" },
  ],
};
export default room;
