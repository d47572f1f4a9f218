// The desk from the keyboard. Everything here is also a link or a button on the page, and what the
// page does without this script it does by links and forms.
import "./banner.js";
import { decide, note, retopic, undo } from "./deciding.js";
import { merge, split } from "./merging.js";
import { listen } from "./keys.js";
import "./presence.js";
import * as queue from "./queue.js";
import { ofThisTab } from "./said.js";
import * as stories from "./stories.js";

function follow(selector, within = document) {
  const link = within?.querySelector(selector);
  link?.click();
  return Boolean(link);
}

function step(by) {
  if (stories.onList && stories.step(by)) return;
  follow(by > 0 ? "a[rel=next]" : "a[rel=prev]");
}

function search() {
  const field = document.getElementById("q");
  if (!field) return location.assign("/#q");
  field.focus();
  field.select();
}

function filter() {
  const form = document.getElementById("filter");
  if (!form) return location.assign("/#filters");
  if (!form.checkVisibility()) location.hash = "#filters";
  form.querySelector("input, select").focus();
}

// Out of a field; then out of the filters, where they cover the list; then out of the selection.
function leave(target) {
  if (target.matches("input, textarea, select")) {
    target.blur();
    if (stories.onList) stories.current()?.focus({ preventScroll: true });
  } else if (location.hash === "#filters") location.hash = "#list";
  else return stories.onList && stories.clearPicked();
  return true;
}

const ACTIONS = {
  next: () => step(1),
  previous: () => step(-1),
  open: () => (stories.onList ? follow("[data-open]", stories.current()) : follow("[data-original]")),
  back: () => follow("[data-back]"),
  go: (where) => follow(`[data-go=${where}]`),
  search,
  filter,
  decide: (verdict) => decide(verdict),
  retopic,
  note,
  undo,
  select: () => stories.toggle(),
  range: () => stories.selectRange(),
  clear: () => stories.clearPicked(),
  merge,
  split,
  sheet: () => document.getElementById("keys").showModal(),
  leave: (_, target) => leave(target),
};

function run(action, target) {
  const [name, value] = action.split(":");
  return ACTIONS[name]?.(value, target);
}

listen(run);

for (const button of document.querySelectorAll("[data-act]")) {
  if (!button.matches("[data-undo-last]")) button.hidden = false;
  button.addEventListener("click", () => {
    const item = button.closest("[data-item]");
    if (item) stories.show(stories.items.indexOf(item));
    run(button.dataset.act, button);
  });
}
for (const button of document.querySelectorAll("[data-bulk-verdict]")) {
  button.addEventListener("click", () => decide(button.dataset.bulkVerdict));
}

// Back from a story leads to the list as it was, not to its first page.
const back = document.querySelector("[data-back]");
if (document.getElementById("list")) ofThisTab.set("desk-list", location.pathname + location.search);
else if (back) {
  const list = ofThisTab.get("desk-list", "");
  if (/^\/(\?|$)/.test(list)) back.href = list + new URL(back.href).hash;
}
if (location.hash === "#q") search();
queue.flush();
