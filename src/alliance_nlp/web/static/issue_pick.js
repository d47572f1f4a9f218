// Picking the passages that a sentence rests on, from the sentences of its story's articles.
import { complain } from "./banner.js";
import { ask } from "./dialogs.js";
import { changed, field, make, show, summarize } from "./issue_lines.js";

const dialog = document.getElementById("pick");
const list = dialog.querySelector("[data-list]");
const search = dialog.querySelector("#pick-q");
const found = dialog.querySelector("[data-found]");
const loaded = new Map();

async function articles(slot) {
  const ids = [...slot.querySelectorAll("input[name=source]")].map((one) => one.value.split(":")[0]);
  const asked = new URLSearchParams({ story: slot.querySelector("input[name=item]").value });
  for (const id of new Set(ids)) asked.append("article", id);
  const url = `${document.getElementById("edit").getAttribute("action")}/passages?${asked}`;
  if (!loaded.has(url)) {
    const response = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (!response.ok) throw new Error(String(response.status));
    loaded.set(url, (await response.json()).articles);
  }
  return loaded.get(url);
}

function draw(all, line) {
  const has = new Set([...line.querySelectorAll("input[name=source]")].map((one) => one.value));
  const wanted = [...line.querySelectorAll("[data-flags] li")].map((one) => one.dataset.text).filter(Boolean);
  list.replaceChildren(...all.flatMap((article) => [
    make("h3", { dir: "auto" }, `${article.outlet}, ${article.on}: ${article.title}`),
    ...article.sentences.map((one) => {
      const holds = wanted.filter((words) => one.text.includes(words));
      const note = holds.length ? [make("strong", {}, ` has ${holds.map((words) => `“${words}”`).join(", ")}`)] : [];
      const box = make("input", { type: "checkbox", value: one.value });
      box.checked = has.has(one.value);
      const made = make("label", { class: "check", "data-holds": holds.length }, box, make("span", { dir: "auto", lang: article.language || "en" }, one.text, ...note));
      box.passage = { ...one, ...article };
      return made;
    }),
  ]));
  narrow();
}

function narrow() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let n = 0;
  for (const one of list.querySelectorAll("label")) {
    one.hidden = !words.every((word) => one.textContent.toLowerCase().includes(word));
    n += one.hidden ? 0 : 1;
  }
  found.textContent = `${n} sentence${n === 1 ? "" : "s"}`;
}

function attach(line) {
  const rows = line.querySelector("[data-sources] ul");
  const before = new Map([...rows.querySelectorAll("[data-source]")].map((row) => [row.querySelector("input").value, row]));
  for (const box of list.querySelectorAll("input")) {
    if (!box.checked) before.get(box.value)?.remove();
    else if (!before.has(box.value)) rows.append(row(box.value, box.passage));
  }
  summarize(line);
  changed();
}

function row(value, passage) {
  const made = document.getElementById("new-source").content.cloneNode(true);
  const put = (name, text) => { made.querySelector(name).textContent = text; };
  made.querySelector("input").value = value;
  put("[data-outlet]", passage.outlet);
  put("[data-on]", passage.on);
  put("[data-title]", passage.title);
  put("[data-says]", passage.text);
  put("[data-where]", passage.where);
  if (passage.link) made.querySelector("[data-title]").href = passage.link;
  if (passage.language) made.querySelector("[data-says]").lang = passage.language;
  return made;
}

export async function pick(line) {
  if (!line?.matches("[data-sentence]")) return;
  try {
    const all = await articles(line.closest("[data-slot]"));
    search.value = "";
    draw(all, line);
  } catch {
    complain("The passages did not come; try again.");
    return;
  }
  dialog.querySelector("[data-about]").textContent = field(line).value || "A new sentence";
  const asked = ask(dialog);
  (list.querySelector('[data-holds]:not([data-holds="0"]) input') ?? search).focus();
  if (await asked) attach(line);
  show(line, { focus: true });
}

search.addEventListener("input", narrow);
// In the list arrows go from passage to passage, and Enter in the search must not close the dialog.
dialog.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    dialog.close("save");
    return;
  }
  const boxes = [...list.querySelectorAll("label:not([hidden]) input")];
  const at = boxes.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter" && event.target === search) event.preventDefault();
  if (step || (event.key === "Enter" && event.target === search)) {
    event.preventDefault();
    boxes[Math.max(0, Math.min(boxes.length - 1, at + (step ?? 1)))]?.focus();
  }
});
