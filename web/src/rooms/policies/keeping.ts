/** Policies are kept, changed and taken away; each refuses what changed meanwhile. */
import { api, held, ifMatch, type Shape } from "@/api/client";

type Policy = Shape<"Policy">;

export function create(source: string, isDefault = false): Promise<Policy> {
  return held(api.POST("/api/v1/policies", { body: { source, is_default: isDefault } }));
}

/** The policy as it is after; its revision is what the next change goes by. */
export function change(policy: Policy, changes: Shape<"PolicyChange">): Promise<Policy> {
  const params = { path: { policy_id: policy.id }, header: ifMatch(policy.revision) };
  return held(api.PATCH("/api/v1/policies/{policy_id}", { params, body: changes }));
}

export async function remove(policy: Policy): Promise<void> {
  const params = { path: { policy_id: policy.id }, header: ifMatch(policy.revision) };
  await held(api.DELETE("/api/v1/policies/{policy_id}", { params }));
}
