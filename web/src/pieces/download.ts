/** Files of the API, saved by the browser. */
import { vigieFetch } from "@/api/client";
import { problemOf } from "@/api/problems";

/** Ask for a file as whoever is signed in, in the tenant of this tab, and save it under the name
 * that the server gives it, else under `name`. Throws Problem. */
export async function download(path: string, name: string): Promise<void> {
  const answer = await vigieFetch(new Request(new URL(path, location.origin)));
  if (!answer.ok) throw problemOf(await answer.json().catch(() => undefined), answer);
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = nameOf(answer.headers.get("content-disposition")) || name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The name in a Content-Disposition (RFC 6266); "" when there is none. */
export function nameOf(header: string | null): string {
  const whole = /filename\*=UTF-8''([^;]+)/i.exec(header ?? "")?.[1];
  if (whole) return decodeURIComponent(whole);
  return /filename="([^"]*)"/i.exec(header ?? "")?.[1] ?? "";
}
