import "@mantine/core/styles.css";
import "@/theme/theme.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";

declare global {
  // Read by the library that keeps the page from scrolling behind a dialog.
  var __webpack_nonce__: string | undefined;
}

globalThis.__webpack_nonce__ = document.querySelector<HTMLMetaElement>(
  'meta[name="vigie-nonce"]',
)?.nonce;

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
