/** Saved views: kept on the server, a person's own and those that the tenant shares. */
import { api, held, ifMatch, type Shape } from "@/api/client";
import { keep, kept } from "./kept";
import { isSame } from "./query";
import type { View } from "./types";

export type SavedView = Shape<"SavedView">;
const LONGEST = 60;

export function viewsOf(room: string): Promise<SavedView[]> {
  return held(api.GET("/api/v1/views", { params: { query: { room } } }));
}

/** Keep it; a view of one's own that has this name already shows this from now on. */
export function save(
  room: string,
  view: View,
  shared: boolean,
  known: SavedView[],
): Promise<SavedView> {
  const own = known.find((one) => one.own && one.name === view.name);
  if (own) return change(own, { query: view.query, ...(shared ? { shared } : {}) });
  const { name, query } = view;
  return held(api.POST("/api/v1/views", { body: { room, name, query, shared } }));
}

export function change(view: SavedView, changes: Shape<"ViewChange">): Promise<SavedView> {
  const params = { path: { view_id: view.id }, header: ifMatch(view.revision) };
  return held(api.PATCH("/api/v1/views/{view_id}", { params, body: changes }));
}

export async function remove(view: SavedView): Promise<void> {
  const params = { path: { view_id: view.id }, header: ifMatch(view.revision) };
  await held(api.DELETE("/api/v1/views/{view_id}", { params }));
}

/** What an earlier version kept in this browser alone. */
export function left(room: string): View[] {
  const found = kept<unknown>(`views-${room}`, []);
  if (!Array.isArray(found)) return [];
  return found.filter(
    (one): one is View => typeof one?.name === "string" && typeof one?.query === "string",
  );
}

/** Bring what this browser alone kept to the server. What is there goes from here, one by one, so
 * that nothing is lost half-way and nothing comes twice. Throws Problem. */
export async function takeOver(room: string, known: SavedView[]): Promise<void> {
  const there = known.filter((one) => one.own);
  for (const view of left(room)) {
    const same = there.find((one) => one.name === view.name && isSame(one.query, view.query));
    if (!same) {
      const name = free(view.name, new Set(there.map((one) => one.name)));
      there.push(await save(room, { name, query: view.query }, false, []));
    }
    keep(`views-${room}`, left(room).slice(1));
  }
}

/** The name, or the first one like it that nothing has. */
function free(name: string, taken: Set<string>): string {
  const plain = name.trim().slice(0, LONGEST) || "1";
  if (!taken.has(plain)) return plain;
  for (let number = 2; ; number += 1) {
    const other = `${plain.slice(0, LONGEST - 6)} (${number})`;
    if (!taken.has(other)) return other;
  }
}
