import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent, from its faintest to its strongest. */
const accent: MantineColorsTuple = [
  "#e3f6f9",
  "#c8ebf1",
  "#9bdae5",
  "#6ac8d8",
  "#45b9cc",
  "#2aa9be",
  "#0b8ba1",
  "#0b7285",
  "#095e6e",
  "#064a57",
];

/** Greys of the dark theme, from text to the deepest ground: those of theme.css, not the library's
 * own, which are warmer. */
const dark: MantineColorsTuple = [
  "#e6eaee",
  "#c3ccd5",
  "#a3aeb9",
  "#7d8a97",
  "#3d4955",
  "#2b343e",
  "#202831",
  "#1a2027",
  "#14191f",
  "#101419",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 7 },
  colors: { accent, dark },
  defaultRadius: 6,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  respectReducedMotion: true,
  focusRing: "auto",
});

/** The value of a colour of theme.css now, for what cannot read CSS (charts). */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
