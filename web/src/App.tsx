import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { createBrowserRouter, RouterProvider } from "react-router";
import { mayTryAgain } from "@/api/client";
import { SignedIn } from "@/api/session";
import { Broken } from "@/frame/Broken";
import { NotFound } from "@/frame/NotFound";
import { Shell } from "@/frame/Shell";
import { Waiting } from "@/pieces/Waiting";
import { ROOMS } from "@/rooms/rooms";
import { schemeKeeper } from "@/theme/scheme";
import { theme } from "@/theme/theme";
import { onLanguage, saying } from "@/words/words";

const client = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: mayTryAgain, refetchOnWindowFocus: false },
  },
});

function lazy(load: () => Promise<{ default: React.ComponentType }>) {
  return async () => ({ Component: (await load()).default });
}

const router = createBrowserRouter([
  {
    HydrateFallback: () => <Waiting whole />,
    ErrorBoundary: Broken,
    children: [
      { path: "/sign-in", lazy: lazy(() => import("@/door/SignIn")) },
      { path: "/invitation", lazy: lazy(() => import("@/door/Invitation")) },
      {
        path: "/set-up/set-up-second-factor",
        lazy: lazy(() => import("@/door/SetUpSecondFactor")),
      },
      { path: "/set-up/change-password", lazy: lazy(() => import("@/door/ChangePassword")) },
      {
        element: (
          <SignedIn>
            <Shell />
          </SignedIn>
        ),
        children: [
          {
            ErrorBoundary: Broken,
            children: [
              ...ROOMS.flatMap((room) =>
                room.screens.map((screen) => ({ path: screen.path, lazy: lazy(screen.load) })),
              ),
              { path: "*", Component: NotFound },
            ],
          },
        ],
      },
    ],
  },
]);

/** The nonce that the server gave this page for styles that scripts make. */
function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="vigie-nonce"]')?.nonce ?? "";
}

export function App() {
  const spoken = useSyncExternalStore(onLanguage, saying);
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={schemeKeeper}
      getStyleNonce={nonce}
    >
      <QueryClientProvider client={client}>
        {/* Everything is said anew in another language or time zone; the address keeps the view. */}
        <RouterProvider key={spoken} router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
