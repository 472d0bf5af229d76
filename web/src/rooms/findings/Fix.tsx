import { Copyable } from "@/pieces/Copyable";
import { DrawerSection } from "@/pieces/Drawer";
import { t } from "@/words/words";
import { useExplanation } from "./explained";
import type { Detail } from "./FindingDrawer";

/** What mends it, to be copied. */
export function Fix({ finding }: { finding: Detail }) {
  const said = useExplanation(finding.id ?? "").data?.fix ?? "";
  const { component, fix_version: version } = finding;
  const command =
    component && version ? upgrade(component.type ?? "", component.name ?? "", version) : "";
  return (
    <DrawerSection title={t("Fix")}>
      {said && <p>{said}</p>}
      {version && component && (
        <p>
          {t("Fixed in")} <Copyable text={version} />
        </p>
      )}
      {command && <Copyable text={command} block />}
      {!said && !version && (
        <p className="soft">
          {t(
            "No fix is known. Set it aside with a reason, or mitigate it and say how in a comment.",
          )}
        </p>
      )}
    </DrawerSection>
  );
}

/** The command that its package manager takes, where a name and a version are enough for one.
 * Names and versions come from reports: only decent ones become part of a command. */
export function upgrade(type: string, name: string, version: string): string {
  if (!/^[\w@./:+~-]+$/.test(name) || !/^[\w.:+~-]+$/.test(version) || /^-/.test(name)) return "";
  switch (type) {
    case "npm":
      return `npm install ${name}@${version}`;
    case "pypi":
      return `pip install '${name}>=${version}'`;
    case "golang":
      return `go get ${name}@v${version.replace(/^v/, "")}`;
    case "cargo":
      return `cargo update -p ${name} --precise ${version}`;
    case "gem":
      return `bundle update ${name}`;
    case "composer":
      return `composer require ${name}:^${version}`;
    case "deb":
      return `apt-get install --only-upgrade ${name}`;
    case "apk":
      return `apk add --upgrade ${name}`;
    case "rpm":
      return `dnf upgrade ${name}`;
    default:
      return "";
  }
}
