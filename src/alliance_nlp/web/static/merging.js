// Merging and splitting stories. They go the way of the decisions; once kept, the page is read anew.
import { askMerge } from "./dialogs.js";
import { mayDecide, remember } from "./deciding.js";
import * as queue from "./queue.js";
import { lasting, say, sayNext } from "./said.js";
import * as stories from "./stories.js";

const MOST_EDITS = 200;
// The numbers that the server gave, by key: [[key, edit]], oldest first.
const numbers = () => lasting.get("desk-edits", []);
let next = null;

function goOn({ text, url }) {
  const isWriting = document.getElementById("note")?.value.trim();
  if (isWriting || document.querySelector("dialog[open]")) {
    return say(`${text}. Reload the page to see it`);
  }
  sayNext(text);
  const here = new URL(url, location.href);
  const isSame = here.pathname + here.search === location.pathname + location.search;
  location.assign(here);
  if (isSame) location.reload(); // the stories are others now, so the list is read anew
}

export async function merge() {
  const places = stories.selected();
  if (!mayDecide || !stories.onList) return;
  if (places.length < 2) return say("Select two stories or more with x, then merge them with m");
  if (!(await askMerge(places.map((place) => place.dataset.title)))) return;
  say("Merging");
  const ids = places.map((place) => place.dataset.story);
  const key = queue.addEdit({ kind: "merge", stories: ids });
  remember({ key, isEdit: true, what: `merged ${ids.length} stories`, stories: ids });
  stories.clearPicked();
}

export function split() {
  const details = document.querySelector("[data-split]");
  if (!details) {
    return say(stories.onList ? "Open the story to split it" : "It has one article: nothing to split");
  }
  details.open = true;
  details.querySelector("input[type=checkbox]").focus();
}

document.querySelector("[data-split] form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const articles = [...form.querySelectorAll("input:checked")].map((box) => box.value);
  if (!articles.length) return say("Tick the articles to split off");
  say("Splitting");
  const ids = [stories.current().dataset.story];
  const key = queue.addEdit({ kind: "split", stories: ids, articles });
  remember({ key, isEdit: true, what: "split a story", stories: ids });
});

document.querySelector("[data-merging] form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = [...new FormData(event.target).getAll("story")].map((one) => one.trim());
  const ids = [...new Set(fields.filter(Boolean))];
  if (ids.length < 2) return say("Tick a story to merge with, or write its id");
  say("Merging");
  const key = queue.addEdit({ kind: "merge", stories: ids });
  remember({ key, isEdit: true, what: `merged ${ids.length} stories`, stories: ids });
});

export function undoEdit(last) {
  say("Undoing");
  const edit = numbers().find(([key]) => key === last.key)?.[1] ?? null;
  queue.addEdit({ kind: "unedit", stories: last.stories, edit, of: last.key });
}

function told(entry) {
  const n = entry.stories.length;
  return { merge: `Merged: ${n} stories are one`, split: "Split off", unedit: "Undone" }[entry.kind];
}

queue.events.addEventListener("kept", ({ detail: { entry, answer } }) => {
  if (!entry.kind) return;
  if (entry.kind !== "unedit") {
    lasting.set("desk-edits", [...numbers(), [entry.key, answer.edit]].slice(-MOST_EDITS));
  }
  const text = told(entry);
  if (!entry.stories.some(stories.find)) return say(text);
  const isGone = !stories.onList && answer.emptied.includes(stories.current()?.dataset.story);
  const here = location.pathname + location.search;
  const onList = stories.onList && entry.kind === "merge" ? `#${entry.stories[0]}` : "";
  next = { text, url: isGone ? `/story/${encodeURIComponent(answer.stories[0])}` : here + onList };
});
// What was done after it is sent first.
queue.events.addEventListener("change", () => {
  if (!next || queue.mine().length) return;
  const where = next;
  next = null;
  goOn(where);
});
