import { useRouteError } from "react-router";
import { problemFrom } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";

/** A screen that failed while it was drawn; the frame around it stays. */
export function Broken() {
  const thrown = useRouteError();
  return <ProblemView problem={problemFrom(thrown)} again={() => window.location.reload()} />;
}
