// The inside of the drawer: everything that is known about one finding.

const part = (title, ...content) => {
  const inside = content.flat(2).filter((item) => item !== null && item !== "" && item !== false);
  return inside.length ? el("section", null, el("h3", null, title), inside) : null;
};
const facts = (pairs) => {
  const known = pairs.filter(([, given]) => given !== null && given !== undefined && given !== "");
  return known.length ? el("dl", null, known.map(([name, given]) => [el("dt", null, name), el("dd", null, given)])) : null;
};
const moment = (iso) => iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, "$1 $2 UTC");
const joined = (list) => (list && list.length ? list.join(", ") : null);

// A long text shows its beginning first: what is decided by stands further down.
const clamped = (node, length) => {
  if (length < 600 || node.tagName !== "P") return node;
  node.classList.add("clamped");
  const button = el("button.all", { type: "button", onclick: () => {
    node.classList.remove("clamped");
    button.remove();
  } }, say("show_all"));
  return [node, button];
};

// A text that may have been cut when the file was written: [opening, length] then.
const prose = (ref, kind = "p.prose") => {
  const found = value(ref);
  if (!found) return null;
  if (typeof found === "string") return clamped(el(kind, null, found), found.length);
  return [el(kind, null, `${found[0]}…`), el("p.cut", null, say("cut", { shown: found[0].length, total: found[1] }))];
};

const placeWords = (ref) => {
  const found = value(ref);
  if (!found) return null;
  const [path, line, end, url, resource, layer, commit] = found;
  const lines = line === null ? "" : `:${line}${end !== null && end !== line ? `–${end}` : ""}`;
  return [
    path ? el("code", null, `${path}${lines}`) : null,
    url ? el("code", null, url) : null,
    resource ? el("code", null, resource) : null,
    layer ? el("small", { title: layer }, `${say("layer")} ${shortened(layer)}`) : null,
    commit ? el("small", { title: commit }, `${say("commit")} ${shortened(commit)}`) : null,
  ];
};
// Digests are cut in the middle; the whole stands in the title and is what gets copied.
const shortened = (digest) => (digest.length > 28 ? `${digest.slice(0, 16)}…${digest.slice(-8)}` : digest);

const rangeMark = (score, low, high) =>
  svg("svg", { class: "range", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "rail", width: 100, height: 8, rx: 2 }),
    svg("rect", { class: "span", x: low, width: Math.max(0.5, high - low), height: 8 }),
    svg("rect", { class: "point", x: Math.max(0, Math.min(98.6, score - 0.7)), width: 1.4, height: 8 }));

const whyPart = (row, priority) => {
  if (!priority) return part(say("why"), el("p", null, say("no_reasons")));
  const [low, high, reasons] = priority;
  const score = row[at.score];
  const sure = high - low < 0.05;
  return part(say("why"),
    el("ul.why", null, reasons.map((ref) => el("li", null, text(ref)))),
    el("p.note", null, sure ? say("score_sure", { score }) : say("score_range", { score, low, high })),
    rangeMark(score, low, high));
};

const setAsidePart = (ref, status) => {
  const found = value(ref);
  if (!found) return null;
  const [reason, source, owner, expires, statement] = found;
  return el("section.set-aside", null,
    el("h3", null, `${wordOf("status", status)}${reason ? ` – ${reason}` : ""}`),
    statement ? el("p.prose", null, statement) : null,
    el("p.note", null, [
      say("suppressed_by", { source }),
      owner ? say("owner", { name: owner }) : null,
      expires ? say("expires", { date: expires }) : say("expires_never"),
    ].filter(Boolean).join(" · ")));
};

const fixPart = (row, fix) => {
  const [stateIndex, versionsRef, sourceRef, adviceRef, pasteRef] = fix;
  const versions = value(versionsRef) ?? [];
  const paste = text(pasteRef);
  const told = versions.length || fixMeans(idOf("fix", stateIndex), row);
  return part(say("fix"),
    told && el("p.fixline", null,
      el("strong", null, versions.length ? say("fixed_in", { version: versions.join(", ") }) : wordOf("fix", stateIndex)),
      sourceRef ? el("span.note", null, `(${text(sourceRef)})`) : null),
    paste ? el("p.fixline", null, el("code", null, paste), copyButton(paste)) : null,
    prose(adviceRef));
};

const scoreLines = (ref) =>
  (value(ref) ?? []).map(([source, version, vector, number]) => [
    el("dt", null, `${source || "?"}${version ? ` v${version}` : ""}`),
    el("dd", null, number === null ? el("span.note", null, say("unknown")) : el("strong", null, tidy(number)), " ", vector ? el("code", null, vector) : null),
  ]);
const cvssPart = (ref) => (ref ? part(say("cvss"), el("dl", null, scoreLines(ref))) : null);

const signalPart = (ref, component) => {
  const [epss, percentile, kev, ransomware, exploit, reachable, risk, confidence] = value(ref) ?? [];
  const known = (flag, yes, no) => (flag === null || flag === undefined ? say("unknown") : flag ? yes : no);
  const direct = component ? component[7] : null;
  return part(say("signals"), facts([
    [say("epss"), epss === null || epss === undefined ? say("unknown") : `${percent(epss)}${percentile === null ? "" : ` (${say("percentile", { share: percent(percentile) })})`}`],
    ["KEV", known(kev, [say("exploited"), ransomware ? ` · ${say("ransomware")}` : ""], say("not_exploited"))],
    [say("exploit"), exploit],
    [say("reach"), known(reachable, say("reachable"), say("unreachable"))],
    [say("dependency"), direct === null ? null : direct ? say("direct") : say("transitive")],
    [say("tool_risk"), risk === null || risk === undefined ? null : tidy(risk, 2)],
    [say("confidence"), confidence],
  ]));
};

const agreementPart = (ref, sources) => {
  const [said, silent, absences] = value(ref) ?? [sources, [], []];
  const blind = absences.filter(([, could]) => !could);
  const reasons = new Map(absences.map(([tool, , reason]) => [tool, text(reason)]));
  const looked = [...new Set([...silent, ...absences.filter(([, could]) => could).map(([tool]) => tool)])]
    .filter((tool) => !blind.some(([other]) => other === tool));
  const line = (tool, words, kind, reason) =>
    el(`li${kind}`, null, el("b", null, tool), ` ${words}`, reason ? el("span.note", null, ` – ${reason}`) : null);
  return part(say("agreement"), el("ul.agree", null,
    said.map((tool) => line(tool, say("said"), "")),
    looked.map((tool) => line(tool, say("overlooked"), "", reasons.get(tool))),
    blind.map(([tool, , reason]) => line(tool, say("could_not_know"), ".blind", text(reason)))));
};

const MOST_PLACES = 50;
const instancesPart = (instances) => {
  if (!instances.length) return null;
  const line = ([name, version, , place, sources]) => el("li", null,
    [text(name), text(version)].filter(Boolean).join(" "), " ", placeWords(place),
    sources ? el("div.by", null, joined(value(sources))) : null);
  const list = el("ul.places", null, instances.slice(0, MOST_PLACES).map(line));
  const left = instances.length - MOST_PLACES;
  const more = left > 0 && el("button", { type: "button", onclick: () => {
    list.append(...instances.slice(MOST_PLACES).map(line));
    more.remove();
  } }, say("show_more", { count: left }));
  return part(say("instances", { count: instances.length }), list, more || null);
};

const componentLine = (component) =>
  component && [text(component[0]), text(component[1]), component[4] ? `(${text(component[4])})` : "", component[3] ? el("small", null, el("code", null, text(component[3]))) : null]
    .flatMap((piece) => (piece ? [piece, " "] : []));

const observationPart = (observation, merged) => {
  const [tool, record, ruleRef, severity, saidWord, severities, scores, message, component, places, fix, signals, claim, snippets, join] = observation;
  const rule = value(ruleRef);
  const ownFix = value(fix);
  const [epss, , , , , , risk] = value(signals) ?? [];
  const stance = value(claim);
  return el("article.said", null,
    el("h4", null, text(tool), severityMark(severity), el("span.record", null, text(record))),
    facts([
      [say("said_severity"), text(saidWord)],
      [say("rule"), rule[0] === merged[0] ? null : rule[0]],
      [say("component"), componentLine(value(component))],
      [say("said_fix"), ownFix && [ownFix[1].length ? ownFix[1].join(", ") : wordOf("fix", ownFix[0]), ownFix[2] ? el("small", null, prose(ownFix[2], "span")) : null]],
      [say("place"), places.length ? places.slice(0, MOST_PLACES).map((place) => el("div", null, placeWords(place))) : null],
      [say("epss"), epss === null || epss === undefined ? null : percent(epss)],
      [say("tool_risk"), risk === null || risk === undefined ? null : tidy(risk, 2)],
      [say("status"), stance && [meta.stances[stance[0]] ?? stance[0], ...stance.slice(1).filter(Boolean)].join(" · ")],
      [say("more_sources"), severities ? value(severities).map(([source, word]) => `${source}: ${word}`).join(", ") : null],
    ]),
    scores ? el("dl", null, scoreLines(scores)) : null,
    prose(message),
    rule[2] && rule[2] !== merged[2] ? prose(rule[2]) : null,
    snippets.map((snippet) => prose(snippet, "pre")),
    join ? el("p.note", null, say("join", { reason: text(join) })) : null);
};

const findingBody = (number) => {
  const row = rows[number];
  const [ruleRef, message, componentRef, instances, severitySource, severities, scores, fix, signals, priority, suppression, agreement, evidence, firstSeen, lastSeen] = detailOf(number);
  const rule = value(ruleRef);
  const [id, title, description, aliases, references, weaknesses, related, published] = rule;
  const component = value(componentRef);
  const heading = text(row[at.title]);
  return [
    el("header", null,
      el("h2", { tabindex: -1, id: "drawer-title" }, id),
      heading ? el("p.sub", null, heading) : null),
    el("p.lead", null, decisionMark(row[at.decision]), severityMark(row[at.severity]),
      el("span", null, wordOf("kind", row[at.kind])), flagsOf(row, idOf("status", row[at.status]) === "open")),
    setAsidePart(suppression, row[at.status]),
    whyPart(row, priority),
    fixPart(row, fix),
    facts([
      [say("component"), componentLine(component)],
      [say("licences"), component && joined(value(component[6]))],
      [say("asset"), wordOf("asset", row[at.asset])],
      [say("aliases"), joined(aliases)],
      [say("weaknesses"), joined(weaknesses)],
      [say("related"), joined(related)],
      [say("severity_won", { source: text(severitySource) || "?" }), wordOf("severity", row[at.severity])],
      [say("by_source"), severities ? value(severities).map(([source, word]) => `${source}: ${word || "?"}`).join(", ") : null],
      [say("published"), moment(published)],
      [say("first_seen"), moment(text(firstSeen))],
      [say("last_seen"), moment(text(lastSeen))],
    ]),
    instancesPart(instances),
    description ? part(say("description"), prose(description)) : null,
    message && message !== description ? part(say("message"), prose(message)) : null,
    agreementPart(agreement, row[at.sources].map((index) => idOf("source", index))),
    part(say("evidence"), evidence.map((said) => observationPart(said, rule))),
    signalPart(signals, component),
    cvssPart(scores),
    references.length ? part(say("references"), el("ul", null, references.map((link) => el("li", null, reference(link))))) : null,
    part(say("fingerprint"), el("p.fixline", null, el("code", null, row[at.fingerprint]), copyButton(row[at.fingerprint]))),
  ].filter(Boolean);
};
