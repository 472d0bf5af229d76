import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Empty } from "@/pieces/Empty";
import { t } from "@/words/words";

export function NotFound() {
  return (
    <Empty
      title={t("There is no such screen")}
      step={
        <Button component={Link} to="/" variant="default">
          {t("Go to the first screen")}
        </Button>
      }
    >
      {t("The address may be mistyped, or from another version.")}
    </Empty>
  );
}
