// Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one.
const semver = require(process.argv[2])
const lines = require("fs").readFileSync(process.argv[3], "utf8").trimEnd().split("\n")
for (const line of lines) {
    const [a, b] = line.split("\t").map((text) => semver.parse(text))
    console.log(a && b ? semver.compare(a, b) : "?")
}
