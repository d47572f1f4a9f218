// The editor's text on its way: looked at on every pause, kept in this browser until it is saved.
import { complain } from "./banner.js";
import { drawBreaches, field, form, lines, paint, slots } from "./issue_lines.js";
import { lasting, ofThisTab, say } from "./said.js";

const PAUSE = 600;
const ANSWER_WITHIN = 30_000;
const NAME = `desk-issue:${document.body.dataset.account}:${form.getAttribute("action")}`;
const tally = document.getElementById("tally");
// What is not the editor's writing says nothing of whether something is unsaved.
const OURS = new Set(["csrf", "base", "why", "do"]);
const entries = () => [...new FormData(form)].map(([name, value]) => [name, String(value)]);
const written = (all = entries()) => JSON.stringify(all.filter(([name]) => !OURS.has(name)));
const saved = written();
const starts = "unsaved" in form.dataset;
let timer = 0;
let asked = 0;
let counts = "";
let busy = false;

export const isDirty = () => starts || written() !== saved;

function tell(more = "") {
  counts ||= tally.textContent.replace(/; not saved.*$/, "");
  const text = [counts, isDirty() ? "not saved" : "", more].filter(Boolean).join("; ");
  if (tally.textContent !== text) tally.textContent = text;
}

const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;

async function post(url, extra = {}) {
  const body = new URLSearchParams(entries());
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  const response = await fetch(url, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
  const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
  return { response, answer: isJson ? await response.json() : null };
}

export async function check() {
  clearTimeout(timer);
  const own = ++asked;
  const items = slots().map((slot) => [slot, lines(slot).filter((line, n) => n === 0 || field(line).value.trim())]);
  try {
    const { response, answer } = await post(`${form.getAttribute("action")}/check`);
    if (own !== asked || !response.ok || !answer) return;
    answer.items.forEach((item, n) => {
      const [slot, shown] = items[n] ?? [];
      if (!slot?.isConnected) return;
      item.lines.forEach((data, place) => shown[place]?.isConnected && paint(shown[place], data));
      drawBreaches(slot.querySelector("[data-bullet] [data-breaches]"), item.breaches);
    });
    counts = `${plural(answer.flags, "flag", "flags")}, ${plural(answer.breaches, "breach", "breaches")} of style`;
    const newer = answer.newer ? `version ${answer.newer.number} was saved meanwhile by ${answer.newer.by || "somebody"}` : "";
    tell([...answer.faults, newer].filter(Boolean).join(" "));
  } catch { tell("no connection, so it was not checked; the text is kept in this browser"); }
}

form.addEventListener("issue:changed", () => {
  lasting.set(NAME, isDirty() ? { at: new Date().toISOString(), entries: entries().filter(([name]) => name !== "csrf") } : null);
  tell();
  clearTimeout(timer);
  asked += 1;
  timer = setTimeout(check, PAUSE);
});

function goTo(url) {
  const line = document.activeElement?.closest?.("[data-line]");
  if (line) ofThisTab.set("desk-issue-line", line.id);
  location.assign(url);
}

// Saves and shows the page anew; what stands in the way is told by the whole page.
export async function save(extra = {}, { go = true } = {}) {
  if (busy) return null;
  busy = true;
  try {
    const { response, answer } = await post(form.getAttribute("action"), extra);
    if (response.ok && answer) {
      lasting.set(NAME, null);
      if (go) goTo(`${answer.url}?done=saved${extra.do?.startsWith("in:") ? "#last" : ""}`);
      return answer;
    }
    if (answer && "faults" in answer) form.submit();
    else complain(answer?.error ?? "You are signed out. Your text is kept in this browser; sign in and open the issue again.");
  } catch {
    complain("No answer came, so it is not known to be saved. Your text is kept in this browser; try again.");
  } finally { busy = false; }
  return null;
}

// A text that was left without being saved.
const kept = lasting.get(NAME, null);
const box = document.getElementById("kept");
if (kept && !starts && written(kept.entries) !== saved) {
  box.hidden = false;
  box.querySelector("[data-when]").textContent = new Date(kept.at).toLocaleString();
  box.querySelector("[data-take]").addEventListener("click", () => {
    const made = document.createElement("form");
    made.method = "post";
    made.action = `${form.getAttribute("action")}/text`;
    for (const [name, value] of [["csrf", document.body.dataset.csrf], ...kept.entries]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      made.append(input);
    }
    document.body.append(made);
    made.submit();
  });
  box.querySelector("[data-forget]").addEventListener("click", () => {
    lasting.set(NAME, null);
    box.hidden = true;
    say("Forgotten");
  });
}
