// The editor's lines: headlines and sentences with what is flagged in them, and their order.
// Nothing here talks to the server; whatever changes the text fires "issue:changed" on the form.

export const form = document.getElementById("edit");
export const slots = () => [...form.querySelectorAll("[data-slot]")];
export const lines = (within = form) => [...within.querySelectorAll("[data-line]")];
export const field = (line) => line.querySelector("[data-field]");
const plain = (text) => text.replace(/\s+/g, " ").trim();
let now = null;

export function changed() { form.dispatchEvent(new CustomEvent("issue:changed")); }
export const current = () => (now?.isConnected ? now : lines()[0]);

export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// As the server counts them: two Japanese characters are a word.
export function countWords(text) {
  const japanese = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff々〆]/g;
  const n = (text.match(japanese) ?? []).length;
  const rest = text.replace(japanese, " ").split(/\s+/).filter((word) => /[\p{L}\p{N}$%€£¥]/u.test(word));
  return rest.length + Math.ceil(n / 2);
}

function flagsOf(line) {
  return [...line.querySelectorAll("[data-flags] li")].map((one) => [one.dataset.kind, one.dataset.text]);
}

// The text once more behind the field, where its flagged words can be marked.
export function mirror(line) {
  const text = field(line).value;
  const box = line.querySelector("[data-marked]");
  const pieces = [];
  let at = 0;
  for (const [kind, words] of flagsOf(line)) {
    const found = words ? text.indexOf(words, at) : -1;
    if (found < 0) continue;
    pieces.push(text.slice(at, found), make("mark", { class: `flag ${kind}` }, words));
    at = found + words.length;
  }
  box.replaceChildren(...pieces, `${text.slice(at)} `);
}

function count(slot) {
  const put = (place, n) => { if (place) place.textContent = place.textContent.replace(/^\d+/, n); };
  const texts = lines(slot).map((line) => field(line).value);
  put(slot.querySelector(".headline [data-words]"), countWords(texts[0]));
  put(slot.querySelector(".slot-head [data-words]"), countWords(texts.slice(1).join(" ")));
}

export function typed(line) {
  mirror(line);
  count(line.closest("[data-slot]"));
  changed();
}

export function write(line, text) {
  field(line).value = text;
  typed(line);
}

// Of a whole sentence; any other flag marks words.
const OF_A_SENTENCE = { source: " it names no source", language: " it is not in English yet" };

function drawFlags(line, data) {
  line.querySelector("[data-flags]").replaceChildren(...data.flags.map(([kind, text]) => {
    const says = OF_A_SENTENCE[kind] ? [OF_A_SENTENCE[kind]] : [" ", make("q", { dir: "auto" }, text), " is in none of its sources"];
    const passed = data.passed ? [" ", make("span", { class: "soft" }, `(overridden by ${data.passed})`)] : [];
    const made = make("li", { "data-kind": kind, "data-text": text }, make("span", { class: `chip flag ${kind}` }, kind), ...says, ...passed);
    made.classList.toggle("passed", Boolean(data.passed));
    return made;
  }));
}

export function drawBreaches(list, breaches) {
  const held = list.contains(document.activeElement);
  list.replaceChildren(...breaches.map((one) => {
    const found = one.found ? [make("q", { dir: "auto" }, one.found), ": "] : [];
    const made = make("li", {}, ...found, one.reason, " ");
    if (one.fixed !== null) {
      const says = one.suggestion ? `Write “${one.suggestion.slice(0, 60)}”` : "Leave it out";
      made.append(make("button", { type: "button", class: "fix", "data-fix": "", "data-fixed": one.fixed }, says));
    }
    return made;
  }));
  if (held) (list.querySelector("[data-fix]") ?? list.closest("[data-line]"))?.focus();
}

// What the server found, unless the line was written on since.
export function paint(line, data) {
  if (plain(field(line).value) !== plain(data.text)) return;
  line.dataset.basis = data.text;
  if (data.fixed === null) delete line.dataset.fixed;
  else line.dataset.fixed = data.fixed;
  line.classList.toggle("stands", data.stands);
  drawFlags(line, data);
  drawBreaches(line.querySelector("[data-breaches]"), data.breaches);
  mirror(line);
}

// Puts a mended text in, if it was made from what stands there now; tells whether it was.
export function mend(line, fixed) {
  if (fixed === undefined || plain(field(line).value) !== plain(line.dataset.basis)) return false;
  write(line, fixed);
  return true;
}

export function show(line, { focus = false } = {}) {
  if (!line) return;
  now?.classList.remove("current");
  const before = now?.querySelector("[data-sources]");
  now = line;
  line.classList.add("current");
  const sources = line.querySelector("[data-sources]");
  if (before && before !== sources) before.open = false;
  if (sources) sources.open = true;
  if (focus) {
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }
}

// Names and places follow the order on the page.
export function number() {
  slots().forEach((slot, index, all) => {
    const n = index + 1;
    slot.setAttribute("aria-label", `Item ${n}`);
    slot.querySelector("[data-place]").textContent = n;
    for (const one of slot.querySelectorAll("[data-which]")) one.textContent = ` item ${n}`;
    for (const button of slot.querySelectorAll("button[name=do]")) {
      button.value = `${button.dataset.do}:${n}`;
      button.disabled = (button.dataset.do === "up" && index === 0) || (button.dataset.do === "down" && n === all.length);
    }
    lines(slot).forEach((line, place) => {
      const says = place ? `Sentence ${place} of item ${n}` : `Headline of item ${n}`;
      line.id = `line-${n}-${place}`;
      line.setAttribute("aria-label", says);
      field(line).setAttribute("aria-label", says);
    });
    count(slot);
  });
}

export function addLine(slot, after = null, text = "") {
  const made = document.getElementById("new-line").content.cloneNode(true).querySelector("[data-line]");
  for (const tools of made.querySelectorAll("[data-tools]")) tools.hidden = false;
  const list = slot.querySelector("[data-sentences]");
  if (after?.matches("[data-sentence]")) after.after(made);
  else if (after) list.prepend(made);
  else list.append(made);
  field(made).value = text;
  number();
  typed(made);
  show(made);
  field(made).focus();
  return made;
}

export function splitLine(line, at) {
  const text = field(line).value;
  const place = at > 0 && at < text.length ? at : text.indexOf(" ", text.length / 2);
  if (place <= 0 || !text.slice(place).trim()) return false;
  const sources = [...line.querySelectorAll("[data-source]")].map((one) => one.cloneNode(true));
  write(line, text.slice(0, place).trim());
  const made = addLine(line.closest("[data-slot]"), line, text.slice(place).trim());
  made.querySelector("[data-sources] ul").append(...sources);
  summarize(made);
  field(made).setSelectionRange(0, 0);
  return true;
}

export function deleteLine(line) {
  const all = lines();
  const next = all[all.indexOf(line) + 1]?.matches("[data-sentence]") ? all[all.indexOf(line) + 1] : all[all.indexOf(line) - 1];
  line.remove();
  number();
  changed();
  show(next, { focus: true });
}

// Moves an element among its like; focus goes along. Tells whether there was a place to go to.
export function shift(element, by, kind) {
  const other = by < 0 ? element.previousElementSibling : element.nextElementSibling;
  if (!other?.matches(kind)) return false;
  const focused = document.activeElement;
  if (by < 0) other.before(element);
  else other.after(element);
  number();
  changed();
  if (element.contains(focused)) focused.focus();
  element.scrollIntoView({ block: "nearest" });
  return true;
}

export function summarize(line) {
  const names = [...line.querySelectorAll("[data-outlet]")].map((one) => one.textContent);
  const n = names.length;
  line.querySelector("[data-summary]").textContent = `${n || "No"} source${n === 1 ? "" : "s"}${n ? `: ${[...new Set(names)].join(", ")}` : ""}`;
}
