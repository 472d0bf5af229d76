import { KeyRound } from "lucide-react";
import type { Room } from "@/rooms/rooms";
import { t } from "@/words/words";

const room: Room = {
  id: "secrets",
  order: 60,
  title: () => t("Secrets"),
  icon: KeyRound,
  path: "/secrets",
  permission: "secrets:read",
  screens: [{ path: "/secrets", load: () => import("./SecretsRoom") }],
};
export default room;
