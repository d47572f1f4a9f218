// What happened, for eyes and for screen readers, and what this tab keeps from page to page.

const line = document.getElementById("said");
let timer = 0;

export function say(text) {
  clearTimeout(timer);
  line.textContent = "";
  // Said anew even when it is the same sentence as before.
  requestAnimationFrame(() => { line.textContent = text; });
  timer = setTimeout(() => { line.textContent = ""; }, 9000);
}

// A private window may refuse storage; then things are kept as long as the page is open.
function keeper(storage) {
  const memory = new Map();
  const inner = (() => { try { return window[storage]; } catch { return null; } })();
  return {
    get(name, otherwise) {
      try {
        const text = memory.get(name) ?? inner?.getItem(name);
        return text == null ? otherwise : JSON.parse(text);
      } catch { return otherwise; }
    },
    set(name, value) {
      const text = JSON.stringify(value);
      try {
        inner.setItem(name, text);
        memory.delete(name);
      } catch { memory.set(name, text); }
    },
  };
}

export const lasting = keeper("localStorage");
export const ofThisTab = keeper("sessionStorage");

// A sentence for the page that comes next.
export function sayNext(text) { ofThisTab.set("desk-said", text); }

const left = ofThisTab.get("desk-said", "");
if (left) {
  ofThisTab.set("desk-said", "");
  say(left);
}
