// Merging and splitting stories. These are asked for one at a time and wait for their answer.
import { complain } from "./banner.js";
import { askMerge } from "./dialogs.js";
import { mayDecide, remember } from "./deciding.js";
import { say, sayNext } from "./said.js";
import * as stories from "./stories.js";

async function post(url, fields) {
  const body = new URLSearchParams({ csrf: document.body.dataset.csrf, ...fields });
  try {
    const headers = { Accept: "application/json" };
    const response = await fetch(url, { method: "POST", body, headers, redirect: "manual" });
    if (response.ok) return await response.json();
    const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
    complain(isJson ? (await response.json()).error : "You are signed out, so nothing was changed.");
  } catch {
    complain("No answer came. Reload the page to see whether it was done.");
  }
  return null;
}

function goOn(text, url) {
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
  const made = await post("/merge", { story: ids.join(" ") });
  if (!made) return;
  remember({ edit: made.edit, what: `merged ${ids.length} stories` });
  stories.clearPicked();
  goOn(`Merged: ${ids.length} stories are one`, `${location.pathname}${location.search}#${ids[0]}`);
}

export function split() {
  const details = document.querySelector("[data-split]");
  if (!details) {
    return say(stories.onList ? "Open the story to split it" : "It has one article: nothing to split");
  }
  details.open = true;
  details.querySelector("input[type=checkbox]").focus();
}

document.querySelector("[data-split] form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const ids = [...form.querySelectorAll("input:checked")].map((box) => box.value);
  if (!ids.length) return say("Tick the articles to split off");
  const made = await post(new URL(form.action).pathname, { article: ids.join(" ") });
  if (!made) return;
  remember({ edit: made.edit, what: "split a story" });
  goOn("Split off", location.pathname + location.search);
});

export async function undoEdit(last) {
  say("Undoing");
  const made = await post(`/edits/${last.edit}/undo`, {});
  if (!made) return;
  const isEmptied = made.emptied.includes(stories.current()?.dataset.story) && !stories.onList;
  goOn(`Undone: ${last.what}`, isEmptied ? "/" : location.pathname + location.search);
}
