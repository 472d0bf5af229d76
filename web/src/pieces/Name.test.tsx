import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Name, splitAt } from "./Name";

const tail = (text: string) => text.slice(splitAt(text));

test("what tells names apart is behind the last slash", () => {
  expect(tail("registry.example/shop/web:1.4")).toBe("web:1.4");
  expect(tail("registry.example/shop/web@sha256:ab/cd")).toBe("web@sha256:ab/cd");
  expect(tail("/srv/shop/")).toBe("shop/");
});

test("a short name is one part, a long one without a slash keeps its end", () => {
  expect(splitAt("shop")).toBe(0);
  expect(tail(`${"a".repeat(40)}-end`)).toHaveLength(32);
});

test("the whole name can be read on hover and by those who hear the page", () => {
  render(<Name text="registry.example/shop/web:1.4" />);
  const whole = screen.getByTitle("registry.example/shop/web:1.4");
  expect(whole.textContent).toBe("registry.example/shop/web:1.4");
});
