// The line above the page that says what is not saved yet, or was refused.
import * as queue from "./queue.js";

const waiting = document.getElementById("waiting");
const refused = document.getElementById("refused");
const account = document.body.dataset.account;
const put = (box, text) => {
  const line = box.querySelector("[data-text]");
  if (line.textContent !== text) line.textContent = text;
};

function count(entries) {
  const n = entries.reduce((sum, entry) => sum + (entry.items?.length ?? 0), 0);
  const edits = entries.filter((entry) => !entry.items).length;
  const told = [];
  if (n) told.push(`${n} decision${n === 1 ? "" : "s"}`);
  if (edits) told.push(`${edits} change${edits === 1 ? "" : "s"} of stories`);
  return told.join(" and ");
}

function draw() {
  const mine = queue.mine();
  const others = queue.all().filter((entry) => entry.account !== account);
  const away = queue.standing() === "away" && mine.length > 0;
  const locked = queue.standing() === "locked" && mine.length > 0;
  waiting.hidden = !(away || locked || others.length);
  waiting.querySelector("[data-send]").hidden = !away;
  waiting.querySelector("[data-sign-in]").hidden = !locked;
  if (away) put(waiting, `${count(mine)} waiting: there is no connection to the desk. Nothing is lost; they are sent when it is back.`);
  else if (locked) put(waiting, `${count(mine)} waiting: you are signed out. Nothing is lost; sign in and they are sent.`);
  else if (others.length) put(waiting, `${count(others)} of ${others[0].account} waiting in this browser, to be sent when ${others[0].account} signs in.`);
  else put(waiting, "");
}

export function complain(text) {
  put(refused, text);
  refused.hidden = false;
}

waiting.querySelector("[data-send]").addEventListener("click", () => queue.flush());
refused.querySelector("[data-dismiss]").addEventListener("click", () => {
  refused.hidden = true;
  document.getElementById("main").focus();
});
queue.events.addEventListener("change", draw);
draw();
