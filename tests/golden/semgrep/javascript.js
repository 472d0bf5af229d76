// Each `ruleid:` is followed by a line that the rule must report; all other lines it must not.
const { exec } = require("child_process");
const serialize = require("node-serialize");

function commands(name) {
  // ruleid: vigie.javascript.command-injection
  exec("ls " + name);
  // ruleid: vigie.javascript.command-injection
  exec(`ls ${name}`);
  exec("ls /tmp");
}

function programs(text) {
  // ruleid: vigie.javascript.eval
  eval(text);
  // ruleid: vigie.javascript.eval
  new Function(text);
  eval("1 + 1");
}

function statements(db, name) {
  // ruleid: vigie.javascript.sql-injection
  db.query("SELECT * FROM t WHERE name = '" + name + "'");
  // ruleid: vigie.javascript.sql-injection
  db.query(`SELECT * FROM t WHERE name = '${name}'`);
  db.query("SELECT * FROM t WHERE name = ?", [name]);
}

app.get("/", (req, res) => {
  // ruleid: vigie.javascript.cross-site-scripting
  res.send("<p>" + req.query.name + "</p>");
  res.send("<p>" + escapeHtml(req.query.name) + "</p>");
  res.send("<p>fine</p>");
  // ruleid: vigie.javascript.path-traversal
  fs.readFileSync("./public/" + req.query.name);
  fs.readFileSync(path.basename(req.query.name));
  // ruleid: vigie.javascript.ssrf
  fetch(req.query.address);
  fetch("https://bank.example");
});

function page(element, text) {
  // ruleid: vigie.javascript.unsafe-html
  element.innerHTML = text;
  element.innerHTML = "<b>fine</b>";
  element.textContent = text;
}

// ruleid: vigie.javascript.weak-hash
crypto.createHash("md5").update("x");
crypto.createHash("sha256").update("x");

// ruleid: vigie.javascript.tls-verification-off
https.request({ host: "bank.example", rejectUnauthorized: false });
// ruleid: vigie.javascript.tls-verification-off
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";

// ruleid: vigie.javascript.unsafe-deserialisation
serialize.unserialize(text);

// ruleid: vigie.javascript.hardcoded-password
const dbPassword = "correct-horse-battery";
const apiKey = process.env.API_KEY;
