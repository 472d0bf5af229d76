// Words, numbers and elements. Nothing here, or anywhere, turns text into markup.

const lang = meta.lang;
const numbers = new Intl.NumberFormat(lang);
const tidy = (number, digits = 1) =>
  new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(number);
const percent = (share) => `${tidy(100 * share, 2)}${lang === "fr" ? "\u202f" : ""}%`;

// A label with its placeholders filled. A pair is [singular, plural]; French says zero in
// the singular.
const say = (key, params = {}) => {
  let template = meta.words[key];
  if (Array.isArray(template)) {
    const many = lang === "fr" ? params.count >= 2 : params.count !== 1;
    template = template[many ? 1 : 0];
  }
  return template.replace(/\{(\w+)\}/g, (whole, name) => {
    if (!(name in params)) return whole;
    const found = params[name];
    return typeof found === "number" ? numbers.format(found) : String(found);
  });
};

// el("p.note", { title: "…" }, "text", child, null): an element; null children are left out.
const el = (kind, attributes, ...children) => {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, given] of Object.entries(attributes ?? {})) {
    if (given === null || given === undefined || given === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), given);
    else node.setAttribute(name, given === true ? "" : given);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== ""));
  return node;
};

const SVG = "http://www.w3.org/2000/svg";
const svg = (tag, attributes, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, given] of Object.entries(attributes)) node.setAttribute(name, given);
  node.append(...children);
  return node;
};
const shape = (name) =>
  svg("svg", { class: "shape", "aria-hidden": "true" }, svg("use", { href: `#${name}` }));

const idOf = (facet, index) => meta[facet][index]?.[0] ?? "unknown";
const wordOf = (facet, index) => meta[facet][index]?.[1] ?? say("unknown");

const severityMark = (index) => {
  const name = idOf("severity", index);
  return el(`span.sev.sev-${name}`, null, shape(`s-${name}`), wordOf("severity", index));
};
const DECISION_CLASS = { "act now": "act" };
const decisionMark = (index) => {
  const name = idOf("decision", index);
  return el(`span.decision.decision-${DECISION_CLASS[name] ?? name}`, null, wordOf("decision", index));
};

const announce = (sentence) => {
  document.getElementById("announce").textContent = sentence;
};

const copyText = async (copied) => {
  try {
    await navigator.clipboard.writeText(copied);
    return true;
  } catch {
    // A page opened from a disk may not use the clipboard; an old way still works there.
    const area = el("textarea.unseen", { readonly: true });
    area.value = copied;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
};
const copyButton = (copied) => el("button.copy", { type: "button", "data-copy": copied }, say("copy"));

// A link only where it leads to the web; anything else stays text.
const reference = (address) => {
  let target = null;
  try {
    target = new URL(address);
  } catch {
    return el("span", null, address);
  }
  if (target.protocol !== "https:" && target.protocol !== "http:") return el("span", null, address);
  return el(
    "a",
    { href: target.href, rel: "noopener noreferrer", target: "_blank" },
    address,
  );
};

const keep = (name, given) => {
  try {
    if (given === null) localStorage.removeItem(`vigie.${name}`);
    else localStorage.setItem(`vigie.${name}`, given);
  } catch {
    // No storage here (private window, sandbox): the choice lasts as long as the page.
  }
};
const kept = (name) => {
  try {
    return localStorage.getItem(`vigie.${name}`);
  } catch {
    return null;
  }
};
