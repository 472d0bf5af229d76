// The shop's search and its tools. Vulnerable on purpose.
const { exec } = require("child_process");
const crypto = require("crypto");
const express = require("express");
const fs = require("fs");

const app = express();

app.get("/search", (req, res) => {
  res.send("<p>Nothing found for " + req.query.q + "</p>");
});

app.get("/sum", (req, res) => {
  res.send(String(eval(req.query.formula)));
});

app.get("/ping", (req, res) => {
  exec("ping -c 1 " + req.query.host, (error, output) => res.send(output));
});

app.get("/file", (req, res) => {
  res.send(fs.readFileSync("./public/" + req.query.name));
});

app.get("/token", (req, res) => {
  res.send(crypto.createHash("md5").update(req.query.user).digest("hex"));
});

process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";

app.listen(3000);
