// Asking before something is done. The browser gives the focus back to where it was.

// Resolves to true when the dialog was saved, to false when it was left.
export function ask(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "save"), { once: true });
    dialog.showModal();
  });
}

export async function askTopics(about, labels) {
  const dialog = document.getElementById("retopic");
  const boxes = [...dialog.querySelectorAll("input[type=checkbox]")];
  dialog.querySelector("[data-about]").textContent = about;
  for (const box of boxes) box.checked = labels.includes(box.value);
  if (!(await ask(dialog))) return null;
  return boxes.filter((box) => box.checked).map((box) => box.value);
}

export async function askNote(about) {
  const dialog = document.getElementById("write");
  const field = dialog.querySelector("textarea");
  dialog.querySelector("[data-about]").textContent = about;
  const asked = ask(dialog);
  field.focus();
  if (!(await asked)) return "";  // what was written stays in the field for the next time
  const text = field.value.trim();
  field.value = "";
  return text;
}

export function askMerge(titles) {
  const dialog = document.getElementById("merge");
  dialog.querySelector("[data-stories]").replaceChildren(...titles.map((title) => {
    const made = document.createElement("li");
    made.dir = "auto";
    made.textContent = title;
    return made;
  }));
  return ask(dialog);
}

// In the dialogs: a digit turns a topic on or off, and Ctrl Enter saves a note.
document.getElementById("retopic")?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const box = event.currentTarget.querySelectorAll("input[type=checkbox]")[Number(event.key) - 1];
  if (!box) return;
  box.checked = !box.checked;
  box.focus();
  event.preventDefault();
});
document.getElementById("write")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.close("save");
});
