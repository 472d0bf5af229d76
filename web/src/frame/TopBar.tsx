import { ActionIcon, Menu, Select, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  CircleUser,
  Languages,
  Menu as MenuIcon,
  Moon,
  Search,
  Sun,
  SunMoon,
  WifiOff,
} from "lucide-react";
import { useNavigate } from "react-router";
import { api, held, type Shape } from "@/api/client";
import { type Me, useSession } from "@/api/session";
import { keyName } from "@/keys/keys";
import { useLine } from "@/live/live";
import { fetchPage } from "@/pieces/list/rows";
import { toastProblem } from "@/pieces/Toasts";
import { type Language, language, speak, t } from "@/words/words";
import { Jobs } from "./Jobs";
import styles from "./Shell.module.css";

interface Props {
  isSmall: boolean;
  onRail: () => void;
  onSearch: () => void;
}

export function TopBar({ isSmall, onRail, onSearch }: Props) {
  const { me } = useSession();
  return (
    <header className={styles.top}>
      {isSmall && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("Rooms")}
          onClick={onRail}
        >
          <MenuIcon size={20} aria-hidden />
        </ActionIcon>
      )}
      <Tenants me={me} />
      <button
        type="button"
        className={styles.search}
        onClick={onSearch}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <Search size={15} aria-hidden />
        <span>{isSmall ? t("Search") : t("Search or command")}</span>
        {!isSmall && <kbd>{keyName("mod+k")}</kbd>}
      </button>
      {!isSmall && <span className={styles.gap} />}
      <LineState />
      <Jobs />
      {!isSmall && <LanguageMenu me={me} />}
      {!isSmall && <ThemeMenu />}
      <Account me={me} isSmall={isSmall} />
    </header>
  );
}

/** The tenants of somebody who may enter several; a super-admin may enter every one. */
function Tenants({ me }: { me: Me }) {
  const { enter } = useSession();
  const everywhere = useQuery({
    queryKey: ["tenants", "to enter"],
    queryFn: ({ signal }) =>
      fetchPage<Shape<"ListedTenant">>(
        "/api/v1/tenants",
        { disabled: "false", sort: "name", limit: "500", fields: "id,name" },
        signal,
      ),
    enabled: me.super_admin === true,
    staleTime: 60_000,
  });
  const found = everywhere.data?.items ?? me.tenants ?? [];
  const data = found.map((one) => ({ value: one.id ?? "", label: one.name ?? "" }));
  if (everywhere.isLoading) return <span className={styles.tenants} />; // nothing moves when it comes
  if (data.length < 2) return null;
  return (
    <Select
      size="sm"
      className={styles.tenants ?? ""}
      comboboxProps={{ width: "min(22rem, 90vw)", position: "bottom-start" }}
      aria-label={t("Tenant")}
      data={data}
      value={me.tenant}
      allowDeselect={false}
      searchable={data.length > 7}
      nothingFoundMessage={t("No tenant is called that")}
      onChange={(id) => id && id !== me.tenant && enter(id)}
    />
  );
}

/** Says so when the screen no longer hears what happens; nothing while all is well. */
function LineState() {
  const line = useLine();
  return (
    <span role="status">
      {line === "lost" && (
        <span
          className={styles.line}
          title={t("What you see may be old. Vigie tries to reconnect.")}
        >
          <b>
            <WifiOff size={13} aria-hidden /> {t("Connection lost")}
          </b>
        </span>
      )}
    </span>
  );
}

export async function changeLanguage(next: Language, me: Me): Promise<void> {
  speak(next);
  try {
    if (me.kind === "user")
      await held(
        api.PATCH("/api/v1/me", {
          body: { language: next, name: me.name ?? "", time_zone: me.time_zone ?? "" },
        }),
      );
  } catch (thrown) {
    toastProblem(thrown);
  }
}

function LanguageMenu({ me }: { me: Me }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("Language")}
          title={t("Language")}
        >
          <Languages size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <LanguageItems me={me} />
      </Menu.Dropdown>
    </Menu>
  );
}

function LanguageItems({ me }: { me: Me }) {
  return (
    <Menu.RadioGroup
      value={language()}
      onChange={(next) => void changeLanguage(next as Language, me)}
    >
      <Menu.RadioItem value="en" lang="en">
        English
      </Menu.RadioItem>
      <Menu.RadioItem value="fr" lang="fr">
        Français
      </Menu.RadioItem>
    </Menu.RadioGroup>
  );
}

function ThemeMenu() {
  const { colorScheme } = useMantineColorScheme();
  const Icon = { light: Sun, dark: Moon, auto: SunMoon }[colorScheme];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("Theme")}
          title={t("Theme")}
        >
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ThemeItems />
      </Menu.Dropdown>
    </Menu>
  );
}

function ThemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu.RadioGroup
      value={colorScheme}
      onChange={(next) => setColorScheme(next as "light" | "dark" | "auto")}
    >
      <Menu.RadioItem value="light">{t("Light")}</Menu.RadioItem>
      <Menu.RadioItem value="dark">{t("Dark")}</Menu.RadioItem>
      <Menu.RadioItem value="auto">{t("Like the system")}</Menu.RadioItem>
    </Menu.RadioGroup>
  );
}

function Account({ me, isSmall }: { me: Me; isSmall: boolean }) {
  const { signOut } = useSession();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("Account")}
          title={t("Account")}
        >
          <CircleUser size={19} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.email || me.name}</Menu.Label>
        <Menu.Item onClick={() => void navigate("/settings/account")}>
          {t("Your account")}
        </Menu.Item>
        {isSmall && (
          <>
            <Menu.Label>{t("Language")}</Menu.Label>
            <LanguageItems me={me} />
            <Menu.Label>{t("Theme")}</Menu.Label>
            <ThemeItems />
          </>
        )}
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut().catch(toastProblem)}>{t("Sign out")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
