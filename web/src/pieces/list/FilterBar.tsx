import { ActionIcon, TextInput } from "@mantine/core";
import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { t } from "@/words/words";
import styles from "./List.module.css";
import { addressOf, textOf } from "./query";

interface Props {
  address: URLSearchParams;
  onAddress: (next: URLSearchParams) => void;
  field: RefObject<HTMLInputElement | null>;
  hint: string;
}

/** The filters as one line of text; what stands there is what the address holds. */
export function FilterBar({ address, onAddress, field, hint }: Props) {
  const said = textOf(address);
  const [text, setText] = useState(said);
  useEffect(() => setText(said), [said]);
  const take = (next: string) => {
    if (next.trim() !== said.trim()) onAddress(addressOf(next, address));
  };
  return (
    <form
      role="search"
      className={styles.bar}
      onSubmit={(event) => {
        event.preventDefault();
        take(text);
      }}
    >
      <TextInput
        ref={field}
        size="sm"
        value={text}
        aria-label={t("Filter")}
        placeholder={hint}
        spellCheck={false}
        autoComplete="off"
        leftSection={<Search size={16} aria-hidden />}
        classNames={{ input: "mono" }}
        onChange={(event) => setText(event.currentTarget.value)}
        onFocus={() => text && setText(`${text.trim()} `)} // what is typed next is a word of its own
        onBlur={() => take(text)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setText(said);
          event.currentTarget.blur();
        }}
        rightSection={
          text && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("Clear the filter")}
              onClick={() => onAddress(addressOf("", address))}
            >
              <X size={16} aria-hidden />
            </ActionIcon>
          )
        }
      />
    </form>
  );
}
