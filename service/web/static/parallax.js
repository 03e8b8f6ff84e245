// Keys for reading and judging. Every key is also a visible button or link, so nothing here is needed to work.
(() => {
  "use strict";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  // The name an analyst signs with is kept in this browser only.
  for (const field of document.querySelectorAll("input[data-remember]")) {
    try {
      field.value ||= localStorage.getItem("parallax-name") || "";
      field.form.addEventListener("submit", () => localStorage.setItem("parallax-name", field.value));
    } catch { /* storage switched off: the field simply starts empty */ }
  }

  const rows = [...document.querySelectorAll(".row[id]")];
  const step = (by) => {
    if (!rows.length) return;
    const at = rows.findIndex((row) => "#" + row.id === location.hash);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    history.replaceState(null, "", "#" + next.id);
    next.scrollIntoView({ block: "start" });
    next.querySelector("a.number")?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const visible = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (visible) { event.preventDefault(); visible.click(); return; }
    if (key === "j" || key === "k") { event.preventDefault(); step(key === "j" ? 1 : -1); }
  });
})();
