// Single keys. The sheet in the page is the table that they are read from.
import { lasting } from "./said.js";

const sheet = document.getElementById("keys");
const on = document.getElementById("keys-on");
const table = new Map(
  [...sheet.querySelectorAll("[data-press]")].map((row) => [row.dataset.press, row.dataset.action]),
);
const firsts = new Set([...table.keys()].filter((press) => press.includes(" ")).map((press) => press[0]));
const MAY_REPEAT = new Set(["next", "previous"]);
const SECOND_WITHIN = 1_500;
let first = "";
let timer = 0;

// Single keys collide with speech input and screen readers, so they can be switched off.
on.checked = lasting.get("desk-keys", "on") !== "off";
on.addEventListener("change", () => lasting.set("desk-keys", on.checked ? "on" : "off"));

function forget() {
  first = "";
  clearTimeout(timer);
}

// run: called with an action; tells whether the key was used.
export function listen(run) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const isField = event.target.matches("textarea, select, input:not([type=checkbox])");
    if (isField && event.key !== "Escape") return;
    if (!on.checked && event.key !== "Escape") return;
    if (!first && firsts.has(event.key)) {
      first = event.key;
      timer = setTimeout(forget, SECOND_WITHIN);
      return;
    }
    const action = table.get(first ? `${first} ${event.key}` : event.key);
    forget();
    if (!action || (event.repeat && !MAY_REPEAT.has(action))) return;
    // A page may give a key a meaning of its own: its script takes the event and prevents the rest.
    const offer = new CustomEvent("desk:key", { detail: { action }, cancelable: true });
    if (!document.dispatchEvent(offer)) {
      event.preventDefault();
      return;
    }
    if (run(action, event.target) !== false) event.preventDefault();
  });
}
