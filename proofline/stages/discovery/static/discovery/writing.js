// The page where a proposal is written: blocks are dragged or moved by keys; what is typed is saved when it rests.
"use strict";
(() => {
  const REST = 900;
  const send = (row, values) => htmx.ajax("POST", row.dataset.place, { values, target: "#desk", swap: "outerHTML", push: "false" });
  window.proofline.mount("[data-desk]", (list) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    Sortable.create(list, {
      handle: "[data-block] > .desk-line [data-handle]", draggable: "[data-block]", animation: still ? 0 : 120,
      onEnd: ({ item }) => send(item, { after: item.previousElementSibling?.dataset.block ?? "" }),
    });
    list.addEventListener("keydown", (event) => {
      const row = event.target.closest("[data-block]");
      if (!event.altKey || !row || event.target.closest("[data-stories]") || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      const key = row.dataset.block;
      send(row, { to: event.key === "ArrowUp" ? "up" : "down" }).then(() => document.querySelector(`[data-block="${CSS.escape(key)}"] [data-handle]`)?.focus());
    });
  });
  let timer;
  const rest = (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(() => form.isConnected && form.requestSubmit(), event.type === "change" ? 0 : REST);
  };
  document.addEventListener("input", rest);
  document.addEventListener("change", rest);
  document.addEventListener("submit", () => clearTimeout(timer), true);
})();
