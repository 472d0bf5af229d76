import { Button, Modal, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type Problem, problemFrom } from "@/api/problems";
import { DialogFoot } from "@/pieces/DialogFoot";
import { ProblemView } from "@/pieces/ProblemView";
import { t } from "@/words/words";
import styles from "./settings.module.css";

interface Props {
  title: string;
  /** What the button says that it does. */
  does: string;
  /** It cannot be taken back. */
  isGrave?: boolean;
  disabled?: boolean;
  size?: string;
  /** Does it; the dialog stays open and says why when that throws. */
  onDo: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** Fields and one button; what goes wrong is said beside them, and nothing typed is lost. */
export function Dialog({ title, does, isGrave, disabled, size, onDo, onClose, children }: Props) {
  const { busy, problem, attempt } = useAttempt();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size ?? "md"}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(onDo);
        }}
      >
        <Stack gap="sm" className={styles.said ?? ""}>
          {children}
          {problem && (
            <div ref={intoSight}>
              <ProblemView problem={problem} />
            </div>
          )}
          <DialogFoot>
            <Button variant="default" onClick={onClose}>
              {t("Cancel")}
            </Button>
            <Button
              type="submit"
              loading={busy}
              disabled={disabled ?? false}
              {...(isGrave ? { color: "red.9" } : {})}
            >
              {does}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}

/** A long form may end below the window; what went wrong stands at its end. */
function intoSight(problem: HTMLElement | null) {
  problem?.scrollIntoView({ block: "nearest" });
}

/** Something that may fail: whether it goes on, and what went wrong. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (thrown) {
      setProblem(problemFrom(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, attempt, clear: () => setProblem(undefined) };
}

/** Something that is shown this once, to be copied. */
export function Once({
  title,
  does,
  onClose,
  children,
}: {
  title: string;
  /** What the button says; that one has kept it, without. */
  does?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="sm" className={styles.said ?? ""}>
        {children}
        <DialogFoot>
          <Button onClick={onClose}>{does ?? t("I have kept it")}</Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
