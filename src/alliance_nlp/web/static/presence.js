// Who else is on a story, and where one is oneself; asked while the page is looked at.
import * as stories from "./stories.js";

const EVERY = 15_000;
const SETTLED = 700;
let timer = 0;
let told = "";

async function ask() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible") return;
  timer = setTimeout(ask, EVERY);
  const subject = stories.current()?.dataset.story ?? "";
  // Only a story is a place to come back to.
  const body = subject && new URLSearchParams({
    csrf: document.body.dataset.csrf, place: location.pathname + location.search, subject,
  });
  try {
    const headers = { Accept: "application/json" };
    const options = body ? { method: "POST", body } : {};
    const response = await fetch("/presence", { ...options, headers, redirect: "manual" });
    if (response.ok) draw((await response.json()).others);
  } catch { /* the queue's banner tells of a lost connection; this needs none */ }
}

function draw(others) {
  for (const place of document.querySelectorAll("[data-story]")) {
    const names = others.filter((one) => one.story === place.dataset.story).map((one) => one.who);
    const line = place.querySelector("[data-here]");
    const text = names.length ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} on this story` : "";
    if (line.textContent === text) continue;
    line.textContent = text;
    line.hidden = !text;
  }
}

document.addEventListener("desk:current", () => {
  const subject = stories.current()?.dataset.story ?? "";
  if (subject === told) return;
  told = subject;
  clearTimeout(timer);
  timer = setTimeout(ask, SETTLED);
});
document.addEventListener("visibilitychange", ask);
if (document.querySelector("[data-story]")) ask();
