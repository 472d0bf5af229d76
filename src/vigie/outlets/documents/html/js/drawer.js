// The drawer beside the list; on a narrow screen it covers the page.

const drawer = {
  isOpen: false,
  number: -1,

  build() {
    const button = (label, sign, act) => el("button", { type: "button", title: label, "aria-label": label, onclick: act }, sign);
    this.at = el("span.at");
    this.body = el("div.body", { tabindex: -1 });
    this.panel = el("aside.drawer", { role: "dialog", "aria-labelledby": "drawer-title", hidden: true },
      el("div.tools", null, this.at,
        button(say("previous"), "←", () => grid.moveTo(-1)),
        button(say("next"), "→", () => grid.moveTo(1)),
        button(say("close"), "✕", () => closeFinding())),
      this.body);
    this.panel.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("resize", () => this.arrange());
    document.body.append(this.panel);
  },

  // Room for both beside each other?
  get beside() {
    return window.matchMedia("(min-width: 75.01rem)").matches;
  },

  show(number) {
    const arriving = !this.isOpen;
    this.isOpen = true;
    this.number = number;
    this.panel.hidden = false;
    this.body.replaceChildren(...findingBody(number));
    this.body.scrollTop = 0;
    const place = grid.shown.indexOf(number);
    this.at.textContent = place < 0 ? "" : `${numbers.format(place + 1)} / ${numbers.format(grid.shown.length)}`;
    this.arrange();
    if (!this.beside) this.enter();
    else if (arriving) announce(say("details_open", { name: text(rows[number][at.rule]) }));
  },

  arrange() {
    const covers = this.isOpen && !this.beside;
    document.documentElement.classList.toggle("drawer-beside", this.isOpen && this.beside);
    for (const other of document.querySelectorAll("body > header, body > main, body > footer")) other.inert = covers;
    if (covers) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
  },

  hide() {
    if (!this.isOpen) return;
    const inside = this.panel.contains(document.activeElement);
    this.isOpen = false;
    this.panel.hidden = true;
    this.arrange();
    if (inside || document.activeElement === document.body) grid.focus();
  },

  enter() {
    document.getElementById("drawer-title")?.focus({ preventScroll: true });
  },

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      grid.moveTo(event.key === "ArrowRight" ? 1 : -1);
      this.enter();
    } else if (event.key === "Tab" && event.shiftKey && this.beside && document.activeElement.id === "drawer-title") {
      grid.focus();
    } else return;
    event.preventDefault();
  },
};

// From inside the drawer: the list follows, the keyboard stays where it is.
grid.moveTo = function moveTo(by) {
  const index = Math.max(0, Math.min(this.shown.length - 1, this.active + by));
  this.activate(index);
  openFinding(this.shown[index]);
};

const findingNumbers = new Map(rows.map((row, number) => [row[at.fingerprint], number]));

const openFinding = (number) => {
  const opening = !drawer.isOpen;
  state.open = rows[number][at.fingerprint];
  remember(opening);
  drawer.show(number);
  grid.mark();
};
const closeFinding = () => {
  state.open = "";
  remember(false);
  drawer.hide();
  grid.mark();
};
