/** What a person likes, kept in this browser. */
import { useCallback, useState } from "react";

export function kept<Value>(name: string, otherwise: Value): Value {
  try {
    const text = localStorage.getItem(`vigie-${name}`);
    return text === null ? otherwise : (JSON.parse(text) as Value);
  } catch {
    return otherwise;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`vigie-${name}`, JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden; the choice then lasts as long as the page.
  }
}

/** Like useState, and the same the next time. */
export function useKept<Value>(name: string, otherwise: Value): [Value, (next: Value) => void] {
  const [value, setValue] = useState<Value>(() => kept(name, otherwise));
  const set = useCallback(
    (next: Value) => {
      setValue(next);
      keep(name, next);
    },
    [name],
  );
  return [value, set];
}
