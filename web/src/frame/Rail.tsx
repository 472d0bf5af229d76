import { Drawer } from "@mantine/core";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link, NavLink, useLocation } from "react-router";
import { useSession } from "@/api/session";
import { ROOMS, type Room, type Screen } from "@/rooms/rooms";
import { t } from "@/words/words";
import styles from "./Shell.module.css";

interface Props {
  isFolded: boolean;
  isSmall: boolean;
  isOut: boolean;
  onFold: () => void;
  onAway: () => void;
}

/** The rooms. Folds to icons; where the page is narrow it comes out when asked for. */
export function Rail({ isFolded, isSmall, isOut, onFold, onAway }: Props) {
  if (isSmall) {
    return (
      <Drawer
        opened={isOut}
        onClose={onAway}
        size="16rem"
        title="Vigie"
        padding="sm"
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <nav className={styles.rail} aria-label={t("Rooms")}>
          <Rooms isFolded={false} />
        </nav>
      </Drawer>
    );
  }
  const Icon = isFolded ? PanelLeftOpen : PanelLeftClose;
  const said = isFolded ? t("Unfold") : t("Fold");
  return (
    <nav className={styles.rail} aria-label={t("Rooms")}>
      <Link to="/" className={styles.mark} aria-label={t("Vigie, the first screen")}>
        <img src="/favicon.svg" alt="" />
        {!isFolded && "Vigie"}
      </Link>
      <Rooms isFolded={isFolded} />
      <button type="button" className={styles.fold} aria-label={said} title={said} onClick={onFold}>
        <Icon size={17} aria-hidden />
        {!isFolded && said}
      </button>
    </nav>
  );
}

function Rooms({ isFolded }: { isFolded: boolean }) {
  const { me, can } = useSession();
  const place = useLocation();
  const shown = ROOMS.filter(
    (room) =>
      room.order > 0 &&
      (!room.permission || can(room.permission)) &&
      (!room.isFor || room.isFor(me)),
  );
  return (
    <ul className={styles.rooms}>
      {shown.map((room) => {
        const here = isHere(room, place.pathname);
        const under = isFolded || !here ? [] : screensOf(room, can);
        // One line is where one is: the screen's, where the rail shows it, else its room's.
        const isBelow = under.some((screen) => screen.path === place.pathname);
        return (
          <li key={room.id} className={room.id === "settings" ? styles.apart : undefined}>
            <Link
              to={room.path}
              className={styles.room ?? ""}
              data-here={here || undefined}
              aria-current={here && !isBelow ? "page" : undefined}
              aria-label={isFolded ? room.title() : undefined}
              title={isFolded ? room.title() : undefined}
            >
              <room.icon size={17} aria-hidden />
              {!isFolded && room.title()}
            </Link>
            {under.length > 0 && <Under screens={under} />}
          </li>
        );
      })}
    </ul>
  );
}

/** The screens of a room that stand under it in the rail. */
function screensOf(room: Room, can: (permission: string) => boolean): Screen[] {
  return room.screens.filter(
    (screen) => screen.inRail && screen.title && (!screen.permission || can(screen.permission)),
  );
}

function Under({ screens }: { screens: Screen[] }) {
  const place = useLocation();
  const list = useRef<HTMLUListElement>(null);
  // A room of many screens may be longer than the window: where one is stays in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place is another line
  useEffect(() => {
    list.current?.querySelector("[aria-current=page]")?.scrollIntoView?.({ block: "nearest" });
  }, [place.pathname]);
  return (
    <ul className={styles.rooms} ref={list}>
      {screens.map((screen) => (
        <li key={screen.path}>
          <NavLink to={screen.path} end className={`${styles.room} ${styles.sub}`}>
            {screen.title?.()}
          </NavLink>
        </li>
      ))}
    </ul>
  );
}

function isHere(room: Room, path: string): boolean {
  return room.screens.some((screen) => {
    const stem = screen.path.split("/:")[0] ?? "";
    return stem === "/" ? path === "/" : path === stem || path.startsWith(`${stem}/`);
  });
}
