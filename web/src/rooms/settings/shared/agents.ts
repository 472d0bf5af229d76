import { t } from "@/words/words";

const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/HeadlessChrome\/|Chrome\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/^curl\//, "curl"],
  [/httpx|python/i, "Python"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** What a User-Agent header means to people: "Firefox · Linux". */
export function agentName(agent: string | undefined): string {
  const found = [BROWSERS, SYSTEMS].map((kinds) =>
    kinds.find(([looks]) => looks.test(agent ?? "")),
  );
  const names = found.flatMap((one) => (one ? [one[1]] : []));
  return names.join(" · ") || agent?.slice(0, 60) || t("Unknown device");
}
