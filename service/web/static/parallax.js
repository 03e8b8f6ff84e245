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

  // What J and K step through: claim groups, or the pairs of one.
  const steps = [...document.querySelectorAll("[data-step]")];
  const here = () => document.activeElement?.closest("[data-step]")
    ?? steps.find((one) => "#" + one.id === location.hash);
  const stand = (on) => {
    on.scrollIntoView({ block: "start" });
    (on.querySelector("a.number") ?? on).focus({ preventScroll: true });
  };
  const step = (by) => {
    if (!steps.length) return;
    const next = steps[Math.min(steps.length - 1, Math.max(0, steps.indexOf(here()) + by))];
    history.replaceState(null, "", "#" + next.id);
    stand(next);
  };

  // Among several pairs a key judges the one that the reader stands on, never another.
  const button = (key) => {
    const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
    if (found.length < 2) return found[0];
    const on = here();
    return found.find((one) => on?.contains(one));
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const visible = button(key);
    if (visible) { event.preventDefault(); visible.click(); return; }
    if (key === "j" || key === "k") { event.preventDefault(); step(key === "j" ? 1 : -1); }
  });
})();
