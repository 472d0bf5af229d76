/** Labels as people write them: "env=prod, team=web". A word alone is a label without a value. */
export function labelsOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of text.split(",")) {
    const [key = "", ...rest] = part.split("=");
    if (key.trim()) found[key.trim()] = rest.join("=").trim();
  }
  return found;
}

export function labelsSaid(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => (value ? `${key}=${value}` : key))
    .join(", ");
}
