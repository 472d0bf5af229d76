import { localStorageColorSchemeManager } from "@mantine/core";

/** theme.js reads the same before the first paint. */
export const schemeKeeper = localStorageColorSchemeManager({ key: "vigie-theme" });
