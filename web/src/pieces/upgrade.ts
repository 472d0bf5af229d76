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
