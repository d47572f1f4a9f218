// The stories on the page: which one is meant, which are selected, and how each stands.
import { say } from "./said.js";

export const items = [...document.querySelectorAll("[data-item]")];
const panel = document.querySelector("[data-story]:not([data-item])");
const PAST = {
  accept: "Accepted", reject: "Rejected", later: "Put off", unsure: "Unsure",
  retopic: "Topics set", note: "Noted", undo: "Undone",
  merge: "Merged", split: "Split", unedit: "Undone",
};
export const past = (verdict) => PAST[verdict] ?? verdict;

// An address may be anybody's: what cannot be decoded names no story.
function named() {
  try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
}

let at = items.indexOf(document.getElementById(named()));
let anchor = -1;

export const onList = items.length > 0;
export const current = () => (onList ? items[at] : panel) ?? null;
export const find = (story) =>
  [...items, panel].find((place) => place?.dataset.story === story) ?? null;
export const selected = () => items.filter((item) => pick(item)?.checked);
export const meant = () => {
  const several = selected();
  return several.length ? several : [current()].filter(Boolean);
};
export const pick = (item) => item.querySelector("[data-pick]");
export const asItem = (place) => ({
  story: place.dataset.story, seen: place.dataset.seen, last: Number(place.dataset.last),
});
export const shortTitle = (places) =>
  places.length === 1 ? `“${places[0].dataset.title}”` : `${places.length} stories`;

function mark(index) {
  at = index;
  items.forEach((item, i) => item.classList.toggle("current", i === index));
  document.dispatchEvent(new CustomEvent("desk:current"));
}

export function show(index) {
  mark(index);
  items[index].focus({ preventScroll: true });
  items[index].scrollIntoView({ block: "nearest" });
}

// Returns whether there was a story to go to on this page.
export function step(by) {
  const next = at < 0 ? 0 : at + by;
  if (next < 0 || next >= items.length) return false;
  show(next);
  return true;
}

export function toggle() {
  if (at < 0) step(1);
  const box = items[at] && pick(items[at]);
  if (!box) return;
  box.checked = !box.checked;
  anchor = at;
  countPicked();
}

export function selectRange() {
  if (at < 0) return;
  const [from, to] = anchor < 0 ? [at, at] : [Math.min(anchor, at), Math.max(anchor, at)];
  for (const item of items.slice(from, to + 1)) if (pick(item)) pick(item).checked = true;
  anchor = at;
  countPicked();
}

export function clearPicked() {
  const n = selected().length;
  for (const item of items) if (pick(item)) pick(item).checked = false;
  countPicked(n > 0);
  return n > 0;
}

const bulk = document.querySelector("[data-bulk]");

function countPicked(aloud = true) {
  const n = selected().length;
  bulk.querySelector("[data-bulk-buttons]").hidden = !n;
  bulk.querySelector("[data-n-picked]").textContent = n ? `${n} selected` : "All shown";
  const every = bulk.querySelector("[data-pick-all]");
  every.checked = n === items.length;
  every.indeterminate = n > 0 && n < items.length;
  for (const place of bulk.querySelectorAll("[data-n]")) place.textContent = n;
  for (const item of items) item.classList.toggle("picked", pick(item).checked);
  if (aloud) say(n ? `${n} selected` : "None selected");
}

if (bulk) {
  bulk.hidden = false;
  for (const item of items) pick(item).closest("label").hidden = false;
  bulk.querySelector("[data-pick-all]").addEventListener("change", (event) => {
    for (const item of items) pick(item).checked = event.target.checked;
    countPicked();
  });
  document.querySelector(".cards").addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick]")) return;
    anchor = items.indexOf(event.target.closest("[data-item]"));
    countPicked();
  });
  countPicked(false); // a browser may restore the boxes when one comes back
}

document.addEventListener("focusin", (event) => {
  const item = event.target.closest("[data-item]");
  if (item && items.indexOf(item) !== at) mark(items.indexOf(item));
});
if (at >= 0) show(at);
