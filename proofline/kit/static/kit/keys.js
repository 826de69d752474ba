// The palette and the keyboard. Every key that does something stands in KEYS, and in config/shortcuts.py for people to read.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  const RECENT = "proofline.recent", MOST_RECENT = 12, PAUSE = 80;

  // ---- where the reader was: the addresses of records, kept in this tab's browser alone; the server says which of them may be seen
  const recent = () => { try { return JSON.parse(localStorage.getItem(RECENT)) || []; } catch { return []; } };
  const visited = () => {
    const path = window.location.pathname;
    if (!/\/\d+\/$/.test(path)) return;
    try { localStorage.setItem(RECENT, JSON.stringify([path, ...recent().filter((other) => other !== path)].slice(0, MOST_RECENT))); } catch { /* a browser that keeps nothing shows nothing */ }
  };
  document.addEventListener("DOMContentLoaded", visited);
  document.addEventListener("htmx:after:push:into:history", visited);
  document.addEventListener("htmx:after:swap", (event) => { if (event.detail.ctx?.select === "#main") visited(); });
  document.addEventListener("submit", (event) => { if ($("#do-sign-out", event.target)) try { localStorage.removeItem(RECENT); } catch { /* nothing is kept */ } }, true);

  // ---- what can be chosen
  const palette = () => $("#palette");
  const input = () => $("#palette-input");
  const options = () => all('#palette [role="option"]');
  const selected = () => $('#palette [aria-selected="true"]');
  const select = (option) => {
    options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
    if (option) input().setAttribute("aria-activedescendant", option.id); else input().removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const list = options();
    if (list.length) select(list[(list.indexOf(selected()) + by + list.length) % list.length]);
  };

  // ---- the verbs of the page one is on
  const verbs = () => all("#main .verbs a, #main .verbs button").filter((verb) => !verb.disabled && !verb.matches("[data-bs-toggle], .disabled, [data-palette-open]") && (verb.textContent.trim() || verb.getAttribute("aria-label")));
  const showVerbs = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const named = verbs().map((verb) => [verb, (verb.textContent.trim() || verb.getAttribute("aria-label")).replace(/\s+/g, " ")]).filter(([, label]) => words.every((word) => label.toLowerCase().includes(word)));
    const here = $("#palette-here");
    here.hidden = !named.length;
    here.lastElementChild.replaceChildren(...named.map(([verb, label], index) => {
      const option = Object.assign(document.createElement("button"), { type: "button", className: "palette-item", id: `here-${index}`, tabIndex: -1 });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const icon = document.createElement("i");
      icon.className = [...verb.querySelectorAll(".ti")].map((found) => found.className)[0] || "ti ti-bolt";
      icon.setAttribute("aria-hidden", "true");
      option.append(icon, Object.assign(document.createElement("span"), { className: "palette-title", textContent: label }), Object.assign(document.createElement("span"), { className: "palette-note" }));
      option.addEventListener("click", () => { palette().close(); verb.click(); });
      return option;
    }));
  };

  // ---- asking
  let pause;
  const ask = () => {
    clearTimeout(pause);
    $("#palette-error").hidden = true;
    showVerbs(input().value.trim());
    htmx.trigger(input(), "palette:ask");
  };
  const open = () => {
    window.proofline.drawer(false);
    const dialog = palette();
    if (!dialog || dialog.open) return;
    dialog.showModal();
    $("#palette-recent").value = recent().join(",");
    input().select();
    ask();
  };
  window.proofline.palette = open;
  document.addEventListener("input", (event) => {
    if (event.target.id !== "palette-input" || event.isComposing) return; // a word that is still being composed is no word yet
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  });
  document.addEventListener("compositionend", (event) => { if (event.target.id === "palette-input") ask(); });
  const asked = (event) => event.detail.ctx?.sourceElement?.id === "palette-input";
  document.addEventListener("htmx:after:swap", (event) => { if (asked(event) && palette().open) select(options()[0]); });
  const failed = (event) => { if (asked(event)) { $("#palette-results").replaceChildren(); $("#palette-error").hidden = false; } };
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:after:request", (event) => { if (event.detail.ctx.response?.status >= 400) failed(event); });

  // ---- choosing
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.('#palette [role="option"]');
    if (!option) return;
    if (option.dataset.clicks) { palette().close(); document.getElementById(option.dataset.clicks)?.click(); }
    else if (option.matches("[data-dialog]") && !event.ctrlKey && !event.metaKey) palette().close();
  }, true);
  const inPalette = (event) => {
    if (event.isComposing || event.keyCode === 229) return; // the keys belong to the input method
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); step(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Enter") {
      event.preventDefault();
      const option = selected() || options()[0];
      if ((event.ctrlKey || event.metaKey) && option?.href) window.open(option.href, "_blank", "noopener");
      else option?.click();
    }
  };

  // ---- keys
  let afterG = 0;
  const typing = (element) => element.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => all("[data-rows] tbody tr, [data-rows] > li, [data-rows] [data-row]");
  const rowStep = (by) => {
    const list = rows();
    const at = list.findIndex((row) => row.contains(document.activeElement));
    const row = list[Math.max(0, Math.min(list.length - 1, at + by))];
    (row?.matches("a, button") ? row : row?.querySelector("a, button"))?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  const KEYS = {
    g: () => { afterG = Date.now(); },
    "?": () => window.proofline.dialog($("[data-help]").href),
    "/": (event) => { const find = $("[data-find]"); if (find) { event.preventDefault(); find.select(); } },
    c: (event) => { const verb = $("#main [data-new]"); if (verb) { event.preventDefault(); verb.click(); } },
    j: () => rowStep(1),
    k: () => rowStep(-1),
  };
  document.addEventListener("keydown", (event) => { // after G a letter leads somewhere, and does nothing else
    const goes = Date.now() - afterG < 1200 && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target) && !$("dialog[open]");
    if (event.key !== "Shift") afterG = 0;
    const link = goes && $(`[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
    if (link) { event.preventDefault(); event.stopImmediatePropagation(); link.click(); }
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); return open(); }
    if (event.target.id === "palette-input") return inPalette(event);
    if (event.key === "Escape") window.proofline.drawer(false);
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    KEYS[event.key]?.(event);
  });

  if (mac) window.proofline.mount("[data-mod]", (key) => { key.textContent = "⌘"; });
})();
