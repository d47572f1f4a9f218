// The editor: what its keys, buttons and the pointer do.
import { listen } from "./issue_keys.js";
import * as text from "./issue_lines.js";
import { pick } from "./issue_pick.js";
import { isDirty, save } from "./issue_text.js";
import { ofThisTab, say } from "./said.js";

const { form } = text;
const lineOf = (target) => target?.closest?.("[data-line]");
const slotOf = (target) => target?.closest?.("[data-slot]");
const SENTENCE = "[data-sentence]";
const SLOT = "[data-slot]";

function step(by, accept = () => true) {
  const all = text.lines();
  const here = document.activeElement && lineOf(document.activeElement);
  let at = here ? all.indexOf(here) + by : all.indexOf(text.current());
  while (all[at] && !accept(all[at])) at += by;
  if (all[at]) text.show(all[at], { focus: true });
}

function nextFlag() {
  const all = text.lines();
  const at = all.indexOf(lineOf(document.activeElement));
  const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((line) => line.classList.contains("stands"));
  if (found) text.show(found, { focus: true });
  else say("Nothing is flagged");
}

function edit() {
  const line = text.current();
  if (!line) return;
  const field = text.field(line);
  text.show(line);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function fix(button) {
  const line = lineOf(button);
  if (line && text.mend(line, button.dataset.fixed)) {
    say("Fixed");
    line.focus({ preventScroll: true });
  } else say("The text has changed; it is looked at again in a moment");
}

function fixFocused() {
  const focused = document.activeElement;
  const button = focused.matches?.("[data-fix]") ? focused : text.current()?.querySelector("[data-fix]");
  if (button) fix(button);
  else say("There is no fix here");
}

function fixAll() {
  const n = text.lines().filter((line) => text.mend(line, line.dataset.fixed)).length;
  say(n ? `Fixed in ${n} place${n === 1 ? "" : "s"}` : "There is nothing to fix");
}

function remove(line) {
  if (!line?.matches(SENTENCE)) return say("A headline stays; take the item out instead");
  text.deleteLine(line);
  say("Deleted; it is kept in the saved version");
}

function split(line) {
  const field = line?.matches(SENTENCE) ? text.field(line) : null;
  if (!field || !text.splitLine(line, field.selectionStart === field.value.length ? 0 : field.selectionStart)) say("There is nothing to split here");
}

function takeOut(slot) {
  const next = slot.nextElementSibling ?? slot.previousElementSibling;
  slot.remove();
  text.number();
  text.changed();
  text.show(next?.querySelector("[data-line]"), { focus: true });
  say("Taken out; save to keep it so");
}

function moveItem(slot, by) {
  if (slot && text.shift(slot, by, SLOT)) say(`Now item ${text.slots().indexOf(slot) + 1}`);
}

function moveLine(line, by) {
  if (line?.matches(SENTENCE) && text.shift(line, by, SENTENCE)) say(line.getAttribute("aria-label"));
}

const DO = {
  pick: (target) => pick(lineOf(target)),
  below: (target) => text.addLine(slotOf(target), lineOf(target)),
  add: (target) => text.addLine(slotOf(target)),
  split: (target) => split(lineOf(target)),
  sooner: (target) => moveLine(lineOf(target), -1),
  later: (target) => moveLine(lineOf(target), 1),
  delete: (target) => remove(lineOf(target)),
  up: (target) => moveItem(slotOf(target), -1),
  down: (target) => moveItem(slotOf(target), 1),
  out: (target) => takeOut(slotOf(target)),
};

listen({
  j: () => step(1),
  k: () => step(-1),
  m: nextFlag,
  e: edit,
  p: () => pick(text.current()),
  n: () => text.current() && text.addLine(slotOf(text.current()), text.current()),
  x: () => split(text.current()),
  d: () => remove(text.current()),
  f: fixFocused,
  F: fixAll,
}, (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.target.closest("[data-after-save]")) {
    save();
    return true;
  }
  if (event.key === "Escape" && event.target.matches("[data-field]")) {
    text.show(lineOf(event.target), { focus: true });
    return true;
  }
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by || !event.altKey || event.ctrlKey || event.metaKey || !form.contains(event.target)) return false;
  if (event.shiftKey) moveLine(lineOf(event.target), by);
  else moveItem(slotOf(event.target), by);
  return true;
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-fix]")) fix(button);
  else if (button.matches("[data-detach]")) {
    const line = lineOf(button);
    button.closest("[data-source]").remove();
    text.summarize(line);
    text.changed();
    line.focus();
  } else if (Object.hasOwn(DO, button.dataset.do ?? "")) {
    event.preventDefault();
    DO[button.dataset.do](button);
  }
});
form.addEventListener("input", (event) => {
  const line = lineOf(event.target);
  if (line) text.typed(line);
  else {
    document.getElementById("renumber").hidden = ["volume", "number"].every((id) => document.getElementById(id).value === document.getElementById(id).defaultValue);
    text.changed();
  }
});
form.addEventListener("focusin", (event) => {
  const line = lineOf(event.target);
  if (line) text.show(line);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = event.submitter?.name === "do" ? { do: event.submitter.value } : {};
  save(asked);
});

// States and overrides are of the saved version, so what is not saved is saved first.
for (const after of document.querySelectorAll("[data-after-save]")) {
  after.addEventListener("submit", async (event) => {
    if (!isDirty()) return;
    event.preventDefault();
    const submitter = event.submitter;
    const answer = await save({}, { go: false });
    if (!answer) return;
    if (!answer.url.endsWith(form.getAttribute("action"))) return location.assign(`${answer.url}?done=saved`);
    after.querySelector("[name=base]").value = answer.version;
    if (submitter?.name) after.append(text.make("input", { type: "hidden", name: submitter.name, value: submitter.value }));
    after.submit();
  });
}

// Dragging by the grip, with any pointer. The item is moved when it is let go, not before.
const EDGE = 60;
let dragged = null;
let aim = null;

function unmark() {
  for (const slot of text.slots()) slot.classList.remove("dragged", "before", "after");
  dragged = null;
}

form.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.target.matches("[data-grip]")) return;
  event.preventDefault();
  dragged = slotOf(event.target);
  aim = null;
  dragged.classList.add("dragged");
  event.target.setPointerCapture(event.pointerId);
});
form.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  if (event.clientY < EDGE) window.scrollBy(0, -EDGE / 3);
  if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, EDGE / 3);
  const over = slotOf(document.elementFromPoint(event.clientX, event.clientY));
  for (const slot of text.slots()) slot.classList.remove("before", "after");
  aim = null;
  if (!over || over === dragged) return;
  const { top, height } = over.getBoundingClientRect();
  aim = { over, where: event.clientY < top + height / 2 ? "before" : "after" };
  over.classList.add(aim.where);
});
form.addEventListener("pointerup", () => {
  if (dragged && aim) {
    aim.over[aim.where](dragged);
    say(`Now item ${text.slots().indexOf(dragged) + 1}`);
    text.number();
    text.changed();
  }
  unmark();
});
form.addEventListener("pointercancel", unmark);

document.getElementById("fix-all").addEventListener("click", fixAll);
for (const hidden of document.querySelectorAll("[data-tools], [data-fix], [data-grip], [data-detach], #fix-all")) hidden.hidden = false;
for (const line of text.lines()) text.mirror(line);

// After a save the focus is where it was.
const before = ofThisTab.get("desk-issue-line", "");
ofThisTab.set("desk-issue-line", "");
const slots = text.slots();
if (location.hash === "#last") text.show(slots.at(-1)?.querySelector("[data-line]"), { focus: true });
else if (before) text.show(document.getElementById(before), { focus: true });
