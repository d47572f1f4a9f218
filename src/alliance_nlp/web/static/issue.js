// An issue from the keyboard. Without this script its forms save, order and move it all the same.
if (document.getElementById("edit")) await import("./issue_editor.js");
else await import("./issue_keys.js");
document.documentElement.dataset.keys = "listening";
