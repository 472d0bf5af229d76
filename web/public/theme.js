// Before the first paint: the theme that was chosen, so that a dark screen never flashes white.
try {
  var chosen = localStorage.getItem("vigie-theme");
  if (chosen !== "light" && chosen !== "dark") {
    chosen = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.setAttribute("data-mantine-color-scheme", chosen);
} catch {
  // Storage may be forbidden; the system's theme stands then.
}
