// The desk from the keyboard. Everything here is also a link or a button on the page.
"use strict";

(() => {
  const VERDICTS = { a: "accept", r: "reject", l: "later", u: "unsure" };
  const items = [...document.querySelectorAll("[data-item]")];
  const sheet = document.getElementById("keys");
  const keysOn = document.getElementById("keys-on");
  const opener = document.querySelector("[data-keys]");

  // Single keys collide with speech input and screen readers, so they can be switched off.
  const remembered = (() => {
    try { return localStorage.getItem("desk-keys"); } catch { return null; }
  })();
  keysOn.checked = remembered !== "off";
  keysOn.addEventListener("change", () => {
    try { localStorage.setItem("desk-keys", keysOn.checked ? "on" : "off"); } catch { /* not kept */ }
  });
  opener.hidden = false;
  opener.addEventListener("click", () => sheet.showModal());

  let current = items.indexOf(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  if (current >= 0) show(current);

  document.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) mark(items.indexOf(item));
  });

  function mark(index) {
    current = index;
    items.forEach((item, i) => item.classList.toggle("current", i === index));
  }

  function show(index) {
    mark(index);
    items[index].focus({ preventScroll: true });
    items[index].scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    if (items.length) {
      const next = current < 0 ? 0 : current + by;
      if (next >= 0 && next < items.length) show(next);
      else follow(next < 0 ? "a[rel=prev]" : "a[rel=next]");
    } else {
      follow(by > 0 ? "a[rel=next]" : "a[rel=prev]");
    }
  }

  function follow(selector, within = document) {
    within.querySelector(selector)?.click();
  }

  function decide(verdict) {
    const place = items.length ? items[current] : document;
    const button = place?.querySelector(`form.decide button[value=${verdict}]`);
    button?.form.requestSubmit(button);
  }

  // A key held down, or pressed again while the page loads, must not decide twice.
  for (const form of document.querySelectorAll("form.decide")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form.decide")) delete form.dataset.sent;
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || sheet.open) return;
    if (event.target.matches("input, textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!keysOn.checked || event.repeat && event.key in VERDICTS) return;
    const note = document.getElementById("note");
    if (event.key in VERDICTS) decide(VERDICTS[event.key]);
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "o") items.length ? current >= 0 && follow("[data-open]", items[current]) : follow("[data-original]");
    else if (event.key === "b") follow("[data-back]");
    else if (event.key === "n" && note) note.focus();
    else if (event.key === "?") sheet.showModal();
    else return;
    event.preventDefault();
  });
})();
