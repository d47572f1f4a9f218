// Verdicts, topics, notes and their undoing, for one story or for all that are selected.
import { complain } from "./banner.js";
import { askNote, askTopics } from "./dialogs.js";
import { addToRecord, paintKept, paintWaiting } from "./painting.js";
import * as queue from "./queue.js";
import { ofThisTab, say } from "./said.js";
import * as stories from "./stories.js";
import { undoEdit } from "./merging.js";

const MOST_DONE = 200;
export const mayDecide = document.querySelector("form.decide input[name=csrf]") !== null;

// What this tab did, oldest first: { key, stories, what, isEdit }.
const done = () => ofThisTab.get("desk-done", []).filter((one) => one.stories);
function keepDone(entries) {
  ofThisTab.set("desk-done", entries.slice(-MOST_DONE));
  drawUndo();
}
export const remember = (entry) => keepDone([...done(), entry]);

function drawUndo() {
  const button = document.querySelector("[data-undo-last]");
  const last = done().at(-1);
  if (!button) return;
  if (!last && document.activeElement === button) document.getElementById("main").focus();
  button.hidden = !last;
  button.querySelector("[data-what]").textContent = last ? last.what : "";
}

function send(places, { verdict, note = "", topics = "" }) {
  const shown = places.filter((place) => place.dataset.seen);
  if (!mayDecide) return say("You may read here, not decide");
  if (!shown.length) return say("It is not among the newest candidates, so it cannot be decided on");
  if (shown.some(isLeaving)) return say("It is being merged; decide on the story that takes it in");
  const key = queue.add({ verdict, note, topics, items: shown.map(stories.asItem) });
  const what = `${stories.past(verdict).toLowerCase()} ${stories.shortTitle(shown)}`;
  remember({ key, what, stories: shown.map((place) => place.dataset.story) });
}

// Whether it is no story of its own any more once what is on its way has arrived.
function isLeaving(place) {
  return queue.mine().some((one) => (
    queue.kindOf(one) === "merge" && one.stories.indexOf(place.dataset.story) > 0
    && !queue.mine().some((undo) => undo.of === one.key)
  ));
}

export function decide(verdict, places = stories.meant()) {
  if (!places.length) return say("No story is chosen; j goes to the first");
  const field = stories.onList ? null : document.getElementById("note");
  const note = field?.value ?? "";
  if (verdict === "note" && !note.trim()) {
    field?.focus();
    return say("The note is empty");
  }
  send(places, { verdict, note });
  if (field) field.value = "";
  if (stories.selected().length) stories.clearPicked();
  else if (stories.onList && places[0] === stories.current() && !stories.step(1)) {
    say("That was the last story of this page");
  }
}

export async function retopic() {
  const places = stories.meant();
  if (!mayDecide || !places.length) return;
  const labels = await askTopics(stories.shortTitle(places), places[0].dataset.topics.split(" "));
  if (labels) send(places, { verdict: "retopic", topics: labels.join(" ") });
}

export async function note() {
  const field = document.getElementById("note");
  if (field) return field.focus();
  const place = stories.current();
  if (!mayDecide || !place) return;
  const text = await askNote(stories.shortTitle([place]));
  if (text) send([place], { verdict: "note", note: text });
}

// What this tab did last, wherever that was; else what stands on the story before us.
export async function undo() {
  if (!mayDecide) return;
  const entries = done();
  const last = entries.pop();
  if (!last) {
    const place = stories.current();
    const hasOwn = place && !place.querySelector("[data-undo]")?.hidden;
    return hasOwn ? undoOn(place) : say("There is nothing of yours to undo here");
  }
  keepDone(entries);
  if (last.isEdit) return undoEdit(last);
  queue.add({ verdict: "undo", items: last.stories.map(toUndo), of: last.key });
  const index = stories.items.findIndex((item) => item.dataset.story === last.stories[0]);
  if (index >= 0) stories.show(index);
}

function toUndo(story) {
  const place = stories.find(story);
  return place ? stories.asItem(place) : { story, seen: "", last: null };
}

function undoOn(place) {
  const story = place.dataset.story;
  const index = done().findLastIndex(
    (one) => !one.isEdit && one.stories.length === 1 && one.stories[0] === story,
  );
  const of = index >= 0 ? done()[index].key : "";
  if (index >= 0) keepDone(done().toSpliced(index, 1));
  queue.add({ verdict: "undo", items: [stories.asItem(place)], of });
}

// A form's buttons go the same way as the keys; without this script the forms post by themselves.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const place = form.closest("[data-story]");
  if (!place || !mayDecide) return;
  if (form.matches("form.decide")) {
    event.preventDefault();
    const verdict = event.submitter?.value;
    if (verdict === "undo") undoOn(place);
    else if (verdict) decide(verdict, [place]);
  } else if (form.matches("[data-retopic]")) {
    event.preventDefault();
    const boxes = [...form.querySelectorAll("input[type=checkbox]:checked")];
    send([place], { verdict: "retopic", topics: boxes.map((box) => box.value).join(" ") });
  }
});

function drawWaiting() {
  const entries = queue.mine();
  for (const place of document.querySelectorAll("[data-story]")) {
    const own = entries.filter((entry) => queue.storiesOf(entry).includes(place.dataset.story));
    paintWaiting(place, own);
  }
}

queue.events.addEventListener("change", drawWaiting);
queue.events.addEventListener("kept", ({ detail: { entry, answer } }) => {
  if (entry.kind) return; // merging.js tells of it
  const places = [];
  for (const state of answer.stories) {
    const place = stories.find(state.story);
    if (!place) continue;
    places.push(place);
    paintKept(place, state);
    if (!place.matches("[data-item]")) addToRecord(entry);
  }
  const what = places.length ? stories.shortTitle(places) : `${entry.items.length} elsewhere`;
  if (answer.refused.length) complain(answer.refused.map((one) => one.why).join(" "));
  else say(`${stories.past(entry.verdict)}: ${what}`);
});
queue.events.addEventListener("refused", ({ detail: { entry, answer } }) => {
  keepDone(done().filter((one) => one.key !== entry.key));
  const why = answer.refused?.map((one) => one.why).join(" ") ?? answer.error;
  complain(`Not kept, ${stories.past(entry.verdict ?? entry.kind).toLowerCase()}: ${why}`);
});
drawWaiting();
drawUndo();
