// The keys that every page of an issue has; the editor brings more.
import { say } from "./said.js";

const on = document.getElementById("keys-on");

function focusFirst(selector, otherwise) {
  const found = document.querySelector(selector);
  if (!found) return say(otherwise);
  found.scrollIntoView({ block: "nearest" });
  found.focus();
}

const COMMON = {
  s: () => focusFirst("[data-move]", "There is no state that you can move it to"),
  o: () => focusFirst("[data-export]", "Nothing can be given out while a flag stands"),
  r: () => focusFirst("[data-put-in]", "There are no runners-up here"),
};

// actions: by key; tells nothing to the desk's own listener of what it used.
export function listen(actions = {}, chords = () => false) {
  const table = { ...COMMON, ...actions };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const used = () => { event.preventDefault(); event.stopImmediatePropagation(); };
    if (chords(event)) return used();
    if (event.ctrlKey || event.metaKey || event.altKey || !on.checked) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    if (waits) { waits = false; return; }
    if (event.key === "g") { waits = true; setTimeout(() => { waits = false; }, 1_500); return; }
    if (!Object.hasOwn(table, event.key)) return;
    used();
    table[event.key](event);
  }, { capture: true });
}

let waits = false;  // for the second key of two, which is the desk's

if (!document.getElementById("edit")) listen();
