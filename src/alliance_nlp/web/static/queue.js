// Decisions on their way to the server. They are written down before they are sent and crossed out
// when the server says that it kept them, so a lost connection, a closed page or a restart loses
// none; what was sent without an answer is sent again under its key and is one decision.
import { lasting } from "./said.js";

const NAME = "desk-queue";
const ANSWER_WITHIN = 15_000;
const account = document.body.dataset.account;

export const events = new EventTarget();
// "ok", "away" (no connection, or the server fails) or "locked" (signed out).
let state = navigator.onLine ? "ok" : "away";
let busy = false;
let wait = 2_000;
let timer = 0;

export const all = () => lasting.get(NAME, []);
export const mine = () => all().filter((entry) => entry.account === account);
export const standing = () => state;

function tell(type, detail) { events.dispatchEvent(new CustomEvent(type, { detail })); }

function change(to) {
  state = to;
  tell("change");
}

// items: [{ story, seen, last }]; returns the key.
export function add({ verdict, items, note = "", topics = "" }) {
  const waiting = new Set(all().flatMap((entry) => entry.items.map(([story]) => story)));
  const key = makeKey();
  const rows = items.map(({ story, seen, last }) => [
    // What the server's last word is, is not known while another decision is on its way.
    story, seen, waiting.has(story) ? null : last,
  ]);
  lasting.set(NAME, [...all(), { key, account, verdict, note, topics, items: rows, sent: false }]);
  tell("change");
  flush();
  return key;
}

// Take back what was not sent yet; tells whether that was so.
export function drop(key) {
  const entry = all().find((one) => one.key === key);
  if (!entry || entry.sent) return false;
  lasting.set(NAME, all().filter((one) => one.key !== key));
  tell("change");
  return true;
}

function makeKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function flush() {
  clearTimeout(timer);
  if (busy || !mine().length) return;
  busy = true;
  try {
    // Of two tabs one sends at a time.
    const locks = navigator.locks;
    await (locks ? locks.request(NAME, sendAll) : sendAll());
  } finally {
    busy = false;
  }
}

async function sendAll() {
  for (let entry = mine()[0]; entry; entry = mine()[0]) {
    const again = entry.sent;
    lasting.set(NAME, all().map((one) => (one.key === entry.key ? { ...one, sent: true } : one)));
    const { outcome, answer } = await send(entry, again);
    if (outcome === "away") {
      change("away");
      wait = Math.min(wait * 1.5, 30_000);
      timer = setTimeout(flush, wait);
      return;
    }
    if (outcome === "locked") return change("locked");
    wait = 2_000;
    cross(entry, answer);
    state = "ok";
    tell(outcome, { entry, answer });
    tell("change");
  }
}

function cross(entry, answer) {
  const lasts = new Map((answer.stories ?? []).map((one) => [one.story, one.last]));
  const rest = all().filter((one) => one.key !== entry.key).map((one) => ({
    ...one,
    items: one.items.map(([story, seen, last]) => [story, seen, last ?? lasts.get(story) ?? null]),
  }));
  lasting.set(NAME, rest);
}

async function send(entry, again) {
  const body = new URLSearchParams({
    csrf: document.body.dataset.csrf,
    key: entry.key,
    verdict: entry.verdict,
    note: entry.note,
    topics: entry.topics,
    items: JSON.stringify(entry.items),
    again: again ? "yes" : "",
  });
  try {
    const response = await fetch("/decide", {
      method: "POST",
      body,
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
    const answer = isJson ? await response.json() : {};
    if (response.ok && isJson) return { outcome: "kept", answer };
    if (response.status >= 500) return { outcome: "away" };
    // Without an answer of the desk's own it was the gate that spoke.
    return isJson && response.status !== 401 ? { outcome: "refused", answer } : { outcome: "locked" };
  } catch {
    return { outcome: "away" };
  }
}

window.addEventListener("online", flush);
window.addEventListener("offline", () => change("away"));
window.addEventListener("storage", (event) => { if (event.key === NAME) tell("change"); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") flush();
});
