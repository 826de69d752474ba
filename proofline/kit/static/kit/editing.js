// A value that is edited where it stands: <dd data-edit="/accounts/7/facts/sector/">value <button data-edit-open></button></dd>.
// Its address answers with the editor (kit/cell_editor.html), or, once saved, with the new value. Enter and leaving save, Escape takes back.
"use strict";
(() => {
  const cellOf = (element) => element?.closest?.("[data-edit]");
  const editorOf = (cell) => cell?.querySelector("[data-cell-editor]");
  const state = (form) => new URLSearchParams(new FormData(form)).toString();
  const shown = new WeakMap(); // what stood in a place before its editor
  const opened = new WeakMap(); // what its editor held when it was last given

  const open = (cell) => {
    if (editorOf(cell)) return;
    shown.set(cell, [...cell.childNodes].map((node) => node.cloneNode(true)));
    htmx.ajax("GET", `${cell.dataset.edit}?as=cell`, { target: cell, swap: "innerHTML", push: "false" });
  };
  const close = (cell) => {
    if (!shown.has(cell)) return;
    cell.replaceChildren(...shown.get(cell));
    cell.querySelector("[data-edit-open]")?.focus();
  };
  const save = (form) => { opened.set(form, state(form)); form.requestSubmit(); };

  document.addEventListener("click", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    if (event.target.closest("[data-edit-cancel]")) close(cell);
    else if (event.target.closest("[data-edit-open]")) open(cell);
    else if (!event.target.closest("a, button, form, input, select, textarea") && getSelection().isCollapsed) open(cell);
  });
  document.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    const form = editorOf(cell);
    if (!form) {
      if (event.key.toLowerCase() === "e" && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); event.stopPropagation(); open(cell); }
    } else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(cell); }
    else if (event.key === "Enter" && event.target.matches("select, textarea") && !event.shiftKey) { event.preventDefault(); save(form); }
  }, true);
  document.addEventListener("focusout", (event) => {
    const cell = cellOf(event.target);
    const form = editorOf(cell);
    // A window that loses the focus, or a part that is replaced, is nobody leaving.
    if (!form || !document.hasFocus() || cell.contains(event.relatedTarget) || !form.contains(event.target)) return;
    setTimeout(() => {
      if (editorOf(cell) !== form || !form.isConnected || cell.contains(document.activeElement)) return;
      if (state(form) !== opened.get(form)) save(form);
      else if (!form.querySelector(".field-error")) close(cell);
    }, 0);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-cell-editor]")) opened.set(event.target, state(event.target));
  }, true);
  document.addEventListener("htmx:after:swap", (event) => {
    const cell = event.detail.ctx?.target;
    if (!(cell instanceof Element) || !cell.matches("[data-edit]")) return;
    const form = editorOf(cell);
    if (form) {
      opened.set(form, state(form));
      const field = form.querySelector(".is-invalid, input:not([type=hidden]), select, textarea");
      field?.focus();
      if (field?.select && field.type !== "date") field.select();
      return;
    }
    const said = cell.querySelector(".cell-value")?.textContent.trim() ?? "";
    document.querySelectorAll(`[data-shows="${CSS.escape(cell.dataset.edit)}"]`).forEach((place) => { place.textContent = said; });
    if (!document.activeElement || document.activeElement === document.body) cell.querySelector("[data-edit-open]")?.focus();
    htmx.trigger(document.body, "record:changed");
  });
})();
