/** The screens of the settings, each with what one must be allowed for it. */
import type { LucideIcon } from "lucide-react";
import {
  Activity,
  Bell,
  Building2,
  CalendarClock,
  KeyRound,
  LogIn,
  MailCheck,
  ScrollText,
  Send,
  ShieldQuestion,
  SlidersHorizontal,
  UserRound,
  Users,
} from "lucide-react";
import type { Screen } from "@/rooms/rooms";
import { t } from "@/words/words";

interface Place extends Screen {
  title: () => string;
  icon: LucideIcon;
  /** What one does there. */
  says: () => string;
}

export const PLACES: readonly Place[] = [
  {
    path: "/settings/account",
    load: () => import("./account/Account"),
    title: () => t("Account"),
    icon: UserRound,
    says: () => t("Your language, password, second factor, passkeys and sessions."),
  },
  {
    path: "/settings/users",
    load: () => import("./users/Users"),
    title: () => t("People"),
    icon: Users,
    says: () => t("Who works here, in which role; invitations and sessions."),
    permission: "users:read",
  },
  {
    path: "/settings/roles",
    load: () => import("./users/Roles"),
    title: () => t("Roles"),
    icon: ShieldQuestion,
    says: () => t("What each role may do."),
    permission: "roles:read",
  },
  {
    path: "/settings/keys",
    load: () => import("./keys/Keys"),
    title: () => t("API keys"),
    icon: KeyRound,
    says: () => t("Keys for pipelines, agents and other machines."),
    permission: "api-keys:read",
  },
  {
    path: "/settings/sign-on",
    load: () => import("./sign-on/SignOn"),
    title: () => t("Single sign-on"),
    icon: LogIn,
    says: () => t("The company's own provider that people sign in through."),
    permission: "settings:read",
  },
  {
    path: "/settings/channels",
    load: () => import("./channels/Channels"),
    title: () => t("Channels"),
    icon: Send,
    says: () => t("Where messages and tickets go, each with a test."),
    permission: "channels:read",
  },
  {
    path: "/settings/rules",
    load: () => import("./rules/Rules"),
    title: () => t("Notification rules"),
    icon: Bell,
    says: () => t("Who is told of what, and when."),
    permission: "rules:read",
  },
  {
    path: "/settings/deliveries",
    load: () => import("./deliveries/Deliveries"),
    title: () => t("Deliveries"),
    icon: MailCheck,
    says: () => t("What was sent, what waits, what was given up."),
    permission: "deliveries:read",
  },
  {
    path: "/settings/schedules",
    load: () => import("./schedules/Schedules"),
    title: () => t("Schedules"),
    icon: CalendarClock,
    says: () => t("What is scanned or reported again and again."),
    permission: "schedules:read",
  },
  {
    path: "/settings/jobs",
    load: () => import("./jobs/Jobs"),
    title: () => t("Jobs and health"),
    icon: Activity,
    says: () => t("What goes on, what failed, and whether every part answers."),
    permission: "jobs:read",
  },
  {
    path: "/settings/audit",
    load: () => import("./audit/Audit"),
    title: () => t("Audit log"),
    icon: ScrollText,
    says: () => t("Who did what, and the proof that nobody changed it."),
    permission: "audit:read",
  },
  {
    path: "/settings/tenant",
    load: () => import("./tenant/TenantSettings"),
    title: () => t("This tenant"),
    icon: SlidersHorizontal,
    says: () => t("Language, time zone, and how long things are kept."),
    permission: "settings:read",
  },
  {
    path: "/settings/tenants",
    load: () => import("./tenants/Tenants"),
    title: () => t("Tenants"),
    icon: Building2,
    says: () => t("The companies that this platform looks after."),
    permission: "tenants:write",
  },
];
