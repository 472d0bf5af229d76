import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Empty } from "./Empty";
import { Page } from "./Page";

interface Props {
  title: string;
  icon: ReactNode;
  /** The question that the room answers. */
  question: string;
  /** What it would hold. */
  holds: string;
  /** One step that fills it. */
  step?: { title: string; to: string };
  /** Or what has to be done elsewhere. */
  how?: string;
}

/** A room without data yet: what it would hold, and how to fill it in one step. */
export function EmptyRoom({ title, icon, question, holds, step, how }: Props) {
  return (
    <Page title={title}>
      <Empty
        title={question}
        icon={icon}
        step={
          step && (
            <Button component={Link} to={step.to}>
              {step.title}
            </Button>
          )
        }
      >
        <p>{holds}</p>
        {how && <p>{how}</p>}
      </Empty>
    </Page>
  );
}
