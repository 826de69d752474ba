// The page where a proposal is written: blocks are dragged or moved by keys; what is typed is saved when it rests, and before anything else is done.
"use strict";
(() => {
  if (window.proofline.writing) return; // the page was visited before: all is bound already
  const REST = 900;
  const $ = (selector) => document.querySelector(selector);
  const editor = () => $("form[data-autosave]");
  const fields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "submit", "button", "file"].includes(field.type));
  const said = (form) => JSON.stringify(fields(form).map((field) => field.value));
  const kept = new WeakMap(); // of each editor, what the server has
  let timer, saving;
  const isDirty = () => { const form = editor(); return Boolean(form) && (said(form) !== kept.get(form) || [...form.querySelectorAll("[type=file]")].some((field) => field.value)); };

  // One request of the desk; true where it changed what it was to change. An answer that is no part of this page leaves the page as it is.
  const ask = async (address, options) => {
    let fine = false;
    const fetching = async (...request) => {
      const answer = await fetch(...request);
      fine = answer.ok && !answer.redirected;
      if (answer.redirected) $("[data-signed-out]").hidden = false;
      return answer;
    };
    await htmx.ajax("POST", address, {
      target: "#desk", select: null, push: "false", fetch: fetching, ofDesk: true, ...options,
      headers: { "HX-Target": "div#desk", "HX-Request-Type": "partial" },
    });
    return fine;
  };
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.ofDesk && (ctx.response.raw.redirected || ctx.response.status === 404)) event.preventDefault();
  });

  // ---- saving: one at a time, until nothing is left; what is typed meanwhile stays
  const saveOnce = async (form) => {
    const sent = said(form);
    const fine = await ask(form.action, { source: form, swap: "outerMorph", whileTyping: true });
    if (fine && editor()) kept.set(editor(), sent);
    return fine;
  };
  const save = () => {
    clearTimeout(timer);
    saving ||= (async () => {
      try {
        while (isDirty()) if (!(await saveOnce(editor()))) return false;
        return true;
      } finally { saving = undefined; }
    })();
    return saving;
  };
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (!ctx?.whileTyping) return;
    ctx.typed = fields(ctx.sourceElement).map((field) => [field.name, field.value, field.rows, field === document.activeElement ? [field.selectionStart, field.selectionEnd] : null]);
    ctx.unfolded = [...document.querySelectorAll("[data-block]:has(> details[open])")].map((row) => row.id);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (!ctx?.typed) return;
    $("form[data-writer]")?.classList.add("is-open"); // nothing moves under the hand
    ctx.typed.forEach(([name, value, rows, selection]) => {
      const field = $(`form[data-writer] [name="${name}"]`);
      if (!field) return;
      if (field.value !== value) field.value = value;
      if (rows) field.rows = rows;
      if (selection) { field.focus({ preventScroll: true }); field.setSelectionRange(...selection); }
    });
    ctx.unfolded.forEach((id) => { const menu = document.querySelector(`#${CSS.escape(id)} > details`); if (menu) menu.open = true; });
  });
  document.addEventListener("input", (event) => {
    if (!event.target.closest?.("form[data-autosave]")) return;
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  });
  document.addEventListener("change", (event) => { if (event.target.closest?.("form[data-autosave]")) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  window.addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });
  window.addEventListener("popstate", () => { // the page goes whatever happens
    if (isDirty()) fetch(editor().action, { method: "POST", body: new FormData(editor()), keepalive: true });
  }, true);

  // ---- whatever is pressed waits until what was typed is saved
  const afterSaving = (event, again) => {
    if (!editor() || (!saving && !isDirty())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    save().then((fine) => { if (fine) again(); });
  };
  window.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (target.matches("form[data-autosave]")) {
      clearTimeout(timer);
      if (!saving) return;
    }
    afterSaving(event, () => target.isConnected && target.requestSubmit(submitter?.isConnected ? submitter : null));
  }, true);
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.target || link.dataset.dialog !== undefined || event.metaKey || event.ctrlKey || event.shiftKey) return;
    afterSaving(event, () => link.click());
  }, true);

  // ---- moving
  const move = async (row, values) => {
    const { place, block } = row.dataset;
    if (await save()) await ask(place, { values, swap: "outerHTML" });
    return $(`[data-block="${CSS.escape(block)}"] [data-handle]`);
  };
  window.proofline.mount("form[data-autosave]", (form) => kept.set(form, said(form)));
  window.proofline.mount("[data-desk]", (list) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    Sortable.create(list, {
      handle: "[data-block] > .desk-line [data-handle]", draggable: "[data-block]", animation: still ? 0 : 120,
      onEnd: ({ item }) => move(item, { after: item.previousElementSibling?.dataset.block ?? "" }),
    });
    list.addEventListener("keydown", (event) => {
      const row = event.target.closest("[data-block]");
      if (!event.altKey || !row || event.target.closest("[data-stories]") || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      move(row, { to: event.key === "ArrowUp" ? "up" : "down" }).then((handle) => handle?.focus());
    });
  });
  window.proofline.writing = true;
})();
