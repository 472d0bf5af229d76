/** Who is signed in, what they may do, and how they leave. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo } from "react";
import { useLocation, useNavigate } from "react-router";
import { ProblemView } from "@/pieces/ProblemView";
import { toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { isLanguageChosen, keepTime, speak } from "@/words/words";
import { api, chooseTenant, held, onSignedOut, type Shape, tenant } from "./client";
import { type Problem, problemFrom } from "./problems";

export type Me = Shape<"Me">;

interface Session {
  me: Me;
  /** Whether they may: `can("findings:triage")`. */
  can: (permission: string) => boolean;
  signOut: () => Promise<void>;
  /** Work in another tenant of theirs, beginning at this place. */
  enter: (tenant: string, place?: string) => void;
}

const Held = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(Held);
  if (!session) throw new Error("outside a session");
  return session;
}

/** Shows what is inside once it is known who looks; else leads to the sign-in and back. */
export function SignedIn({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const place = useLocation();
  const asked = useQuery({
    queryKey: ["me"],
    queryFn: () => held(api.GET("/api/v1/me")),
    staleTime: 60_000,
  });
  const me = asked.data;

  const leave = useCallback(
    (lost: Problem | undefined) => {
      const here = `${window.location.pathname}${window.location.search}`;
      if (lost) toastProblem(lost);
      if (here.startsWith("/sign-in")) return;
      void client.cancelQueries();
      void navigate(here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`, {
        replace: true,
      });
    },
    [client, navigate],
  );
  useEffect(() => onSignedOut(leave), [leave]);

  // The tenant of this tab was closed to them meanwhile: back to the one of their session.
  const isShutOut = asked.error
    ? problemFrom(asked.error).status === 403 && tenant() !== ""
    : false;
  const { refetch } = asked;
  useEffect(() => {
    if (!isShutOut) return;
    chooseTenant("");
    void refetch();
  }, [isShutOut, refetch]);

  const must = me?.must?.length ? me.must[0] : undefined;
  useEffect(() => {
    if (must && !place.pathname.startsWith("/set-up")) {
      const here = `${window.location.pathname}${window.location.search}`;
      void navigate(`/set-up/${must}?next=${encodeURIComponent(here)}`, { replace: true });
    }
  }, [must, navigate, place.pathname]);
  useEffect(() => {
    if (me && !isLanguageChosen() && (me.language === "fr" || me.language === "en")) {
      speak(me.language, false);
    }
    if (me) keepTime(me.time_zone ?? "");
  }, [me]);

  const session = useMemo<Session | undefined>(() => {
    if (!me) return undefined;
    const allowed = new Set(me.permissions);
    return {
      me,
      can: (permission) => allowed.has(permission),
      signOut: async () => {
        await held(api.POST("/api/v1/auth/sign-out"));
        chooseTenant("");
        client.clear();
        await navigate("/sign-in", { replace: true });
      },
      enter: (chosen, to = "/") => {
        chooseTenant(chosen);
        // What was shown of the other tenant is gone before anything of this one is asked.
        client.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
        void navigate(to);
        void client.resetQueries({ queryKey: ["me"], exact: true });
      },
    };
  }, [me, client, navigate]);

  if (session) return <Held value={session}>{children}</Held>;
  const problem = asked.error ? problemFrom(asked.error) : undefined;
  if (problem && problem.status !== 401) {
    return <ProblemView problem={problem} again={() => void asked.refetch()} whole />;
  }
  return <Waiting whole />;
}

/** For tests of pieces that need to know who looks. */
export const SessionFor = Held;
