import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Outlet, useLocation } from "react-router";
import { useSession } from "@/api/session";
import { KeysHelp } from "@/keys/KeysHelp";
import { follow } from "@/live/live";
import { useKept } from "@/pieces/list/kept";
import { Toasts } from "@/pieces/Toasts";
import { t } from "@/words/words";
import { Commands } from "./Commands";
import { Rail } from "./Rail";
import styles from "./Shell.module.css";
import { TopBar } from "./TopBar";

/** The frame around every screen: rail, top bar, and what lies over all. */
export function Shell() {
  const client = useQueryClient();
  const { me } = useSession();
  const place = useLocation();
  const [isFolded, setFolded] = useKept("rail-folded", false);
  const isSmall = useMediaQuery("(max-width: 900px)") ?? false;
  const [isOut, setOut] = useState(false);
  const [commands, { open, close }] = useDisclosure(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tenant has events of its own
  useEffect(() => follow(client), [client, me.tenant]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: going anywhere puts the rail away
  useEffect(() => setOut(false), [place.pathname]);
  return (
    <div className={styles.shell} data-folded={isFolded || undefined}>
      <a className={styles.skip} href="#content">
        {t("Skip to the content")}
      </a>
      <Rail
        isFolded={isFolded && !isSmall}
        isSmall={isSmall}
        isOut={isOut}
        onFold={() => setFolded(!isFolded)}
        onAway={() => setOut(false)}
      />
      <TopBar isSmall={isSmall} onRail={() => setOut(true)} onSearch={open} />
      <main id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
      <Commands isOpen={commands} onOpen={open} onClose={close} />
      <KeysHelp />
      <Toasts />
    </div>
  );
}
