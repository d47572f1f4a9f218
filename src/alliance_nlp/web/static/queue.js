// What one did, on its way to the server: decisions, merges, splits and their undoing. It is
// written down before it is sent and crossed out when the server says that it kept it, so a lost
// connection, a closed page or a restart loses nothing; what was sent without an answer is sent
// again under its key and is done once. All goes in the order in which it was done.
import { lasting } from "./said.js";

const NAME = "desk-queue";
const ANSWER_WITHIN = { decision: 15_000, merge: 60_000, split: 60_000, unedit: 60_000 };
const LATE = 60_000; // what is kept later than this tells when it was done
const account = document.body.dataset.account;
const others = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;

export const events = new EventTarget();
// "ok", "away" (no connection, or the server fails) or "locked" (signed out).
let state = navigator.onLine ? "ok" : "away";
let busy = false;
let more = false;
let wait = 2_000;
let timer = 0;

export const all = () => lasting.get(NAME, []);
export const mine = () => all().filter((entry) => entry.account === account);
export const standing = () => state;
export const kindOf = (entry) => entry.kind ?? "decision";
export const storiesOf = (entry) => entry.stories ?? entry.items.map(([story]) => story);

function tell(type, detail) { events.dispatchEvent(new CustomEvent(type, { detail })); }

function change(to) {
  state = to;
  tell("change");
}

// items: [{ story, seen, last }]; of: the key of what an undo takes back. Returns the key.
export function add({ verdict, items, note = "", topics = "", of = "" }) {
  const waiting = new Set(all().filter((one) => one.items).flatMap(storiesOf));
  const rows = items.map(({ story, seen, last }) => [
    // What the server's last word is, is not known while another decision is on its way.
    story, seen, waiting.has(story) ? null : last,
  ]);
  return write({ verdict, note, topics, of, items: rows });
}

// kind: "merge" with the stories, "split" with one story and articles, "unedit" with the number of
// an edit, or with the key of one that is on its way.
export function addEdit({ kind, stories, articles = [], edit = null, of = "" }) {
  return write({ kind, stories, articles, edit, of });
}

function write(entry) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const at = new Date().toISOString();
  lasting.set(NAME, [...all(), { key, account, at, ...entry, sent: false }]);
  tell("change");
  flush();
  return key;
}

export async function flush() {
  clearTimeout(timer);
  more = true; // whoever sends now may have looked for the last time already
  if (busy) return;
  busy = true;
  try {
    // Of two tabs one sends at a time.
    const locks = navigator.locks;
    while (more && mine().length) {
      more = false;
      await (locks ? locks.request(NAME, sendAll) : sendAll());
    }
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
    cross(entry, answer, outcome);
    state = "ok";
    tell(outcome, { entry, answer });
    tell("change");
    others?.postMessage({ outcome, entry, answer });
  }
}

// An undo of what was refused would take back what stood before, so it goes with it.
function cross(entry, answer, outcome) {
  const lasts = new Map((answer.stories ?? []).map((one) => [one.story, one.last]));
  const refused = new Set((answer.refused ?? []).map((one) => one.story));
  const rest = all().filter((one) => one.key !== entry.key).flatMap((one) => {
    const isOf = one.of && one.of === entry.key;
    if (isOf && outcome === "refused") return [];
    if (!one.items) return [isOf ? { ...one, edit: answer.edit } : one];
    const items = one.items
      .filter(([story]) => !(isOf && refused.has(story)))
      .map(([story, seen, last]) => [story, seen, last ?? lasts.get(story) ?? null]);
    return items.length ? [{ ...one, items }] : [];
  });
  lasting.set(NAME, rest);
}

function asked(entry) {
  const one = encodeURIComponent;
  switch (kindOf(entry)) {
    case "merge":
      return ["/merge", { story: entry.stories.join(" ") }];
    case "split":
      return [`/story/${one(entry.stories[0])}/split`, { article: entry.articles.join(" ") }];
    case "unedit":
      return [`/edits/${one(entry.edit)}/undo`, {}];
    default: {
      const { verdict, note, topics, items } = entry;
      return ["/decide", { verdict, note, topics, items: JSON.stringify(items) }];
    }
  }
}

async function send(entry, again) {
  const [path, fields] = asked(entry);
  const isLate = Date.now() - Date.parse(entry.at) > LATE;
  const body = new URLSearchParams({
    csrf: document.body.dataset.csrf,
    key: entry.key,
    again: again ? "yes" : "",
    made: isLate ? entry.at : "",
    ...fields,
  });
  try {
    const response = await fetch(path, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(ANSWER_WITHIN[kindOf(entry)]),
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
// Another tab may have sent what was done in this one.
others?.addEventListener("message", ({ data: { outcome, entry, answer } }) => {
  if (entry.account !== account) return;
  state = "ok";
  tell(outcome, { entry, answer, elsewhere: true });
  tell("change");
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") flush();
});
