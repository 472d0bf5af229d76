/** Every room, found by its place: a folder with a room.tsx. Adding one touches no other file. */
import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { Me } from "@/api/session";

export interface Screen {
  /** The address, "/findings" or "/assets/:id". */
  path: string;
  /** The screen, fetched when somebody first goes there; its default export. */
  load: () => Promise<{ default: ComponentType }>;
  /** Named in the commands (Ctrl K) when it is a place of its own. */
  title?: () => string;
  /** A second line under the room in the rail. */
  inRail?: boolean;
  permission?: string;
}

export interface Command {
  title: () => string;
  /** Where it leads, or what it does. */
  to?: string;
  run?: () => void;
  permission?: string;
}

export interface Room {
  /** The folder's name. */
  id: string;
  /** Its place in the rail, from above; 0 leaves it out. */
  order: number;
  title: () => string;
  icon: LucideIcon;
  /** Where the rail leads. */
  path: string;
  permission?: string;
  /** Whether it means anything to this person, besides what they may. */
  isFor?: (me: Me) => boolean;
  screens: Screen[];
  commands?: Command[];
}

const FOUND = import.meta.glob<Room>("./*/room.tsx", { eager: true, import: "default" });

export const ROOMS: readonly Room[] = Object.values(FOUND).sort((a, b) => a.order - b.order);
