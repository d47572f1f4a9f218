// How a story stands, drawn on its card or panel: what is on its way looks other than what is kept.
import { past } from "./stories.js";

const VERDICTS = ["accept", "reject", "later", "unsure"];
const account = document.body.dataset.account;

function badge(kind, text) {
  const made = document.createElement("span");
  made.className = `badge ${kind}`;
  made.textContent = text;
  return made;
}

// entries: what is on its way for it, oldest first.
export function paintWaiting(place, entries) {
  place.querySelector("[data-state] .pending")?.remove();
  place.classList.toggle("waiting", entries.length > 0);
  if (!entries.length) return;
  const last = entries.at(-1);
  place.querySelector("[data-state]").append(badge("pending", `${past(last.verdict ?? last.kind)}, not saved yet`));
}

export function paintKept(place, state) {
  const { verdict, by, topics, notes, last, may_undo: mayUndo } = state;
  const was = place.dataset.verdict;
  place.dataset.verdict = verdict;
  place.dataset.last = last;
  const shown = verdict
    ? badge(verdict, verdict + (by === account ? "" : ` by ${by}`))
    : badge("open", "open");
  const rest = notes ? [badge("noted", `${notes} note${notes === 1 ? "" : "s"}`)] : [];
  place.querySelector("[data-state]").replaceChildren(shown, ...rest);
  if (place.matches("[data-item]")) {
    for (const one of VERDICTS) place.classList.toggle(one, one === verdict);
  }
  for (const button of place.querySelectorAll("button[name=verdict][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.value === verdict));
  }
  const undo = place.querySelector("[data-undo]");
  if (undo) {
    if (!mayUndo && document.activeElement === undo) place.focus();
    undo.hidden = !mayUndo;
  }
  paintTopics(place, topics);
  if (Boolean(was) !== Boolean(verdict)) countOpen(verdict ? -1 : 1);
}

// topics: the analysts', or null where the classifier's stand.
function paintTopics(place, topics) {
  const labels = topics ?? place.dataset.proposed.split(" ").filter(Boolean);
  place.dataset.topics = labels.join(" ");
  for (const box of place.querySelectorAll("[data-retopic] input[type=checkbox]")) {
    box.checked = labels.includes(box.value);
  }
  const within = place.matches("[data-item]") ? place : document.querySelector(".head");
  const marks = within.querySelector("[aria-label=Marks]");
  if (!marks) return;
  for (const old of marks.querySelectorAll("[data-topic], [data-by-hand]")) old.remove();
  const made = labels.map((label) => chip("topic", label, "topic"));
  if (topics) made.push(chip("by-hand", labels.length ? "topics by hand" : "no topic, by hand", "byHand"));
  marks.firstElementChild.after(...made);
}

function chip(kind, text, mark) {
  const made = document.createElement("li");
  made.className = `chip ${kind}`;
  made.dataset[mark] = "";
  made.textContent = text;
  return made;
}

function countOpen(by) {
  const place = document.querySelector("[data-n-open]");
  if (place) place.textContent = Number(place.textContent) + by;
}

// On the story's page: a line in the record of what was decided.
export function addToRecord(entry) {
  const list = document.querySelector("[data-decisions]");
  if (!list) return;
  const made = document.createElement("li");
  const said = document.createElement("span");
  said.className = "soft";
  said.textContent = ` ${[entry.topics.replaceAll(" ", ", "), `${account}, just now`].filter(Boolean).join(" ")}`;
  made.append(badge(entry.verdict, entry.verdict), said);
  if (entry.note) {
    const note = document.createElement("p");
    note.className = "note";
    note.dir = "auto";
    note.textContent = entry.note;
    made.append(note);
  }
  list.prepend(made);
  list.hidden = false;
  document.querySelector("[data-undecided]")?.remove();
}
