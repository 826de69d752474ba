// Lists of records: marks and what is done with them, columns pulled wide, the builder of filters, and the way through a list's records.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- marks: kept on the page; "all" means the list as its address says it
  const chosen = (list) => all("[data-mark]:checked", list);
  const showMarks = (list) => {
    const bar = list.querySelector("[data-bulk-bar]");
    if (!bar) return;
    const number = chosen(list).length;
    const whole = list.dataset.all === "1";
    bar.hidden = !number;
    list.classList.toggle("has-marks", number > 0);
    bar.querySelector("[data-bulk-count]").textContent = whole ? list.querySelector(".toolbar-count").textContent : String(number);
    all("tbody tr[data-id]", list).forEach((row) => row.classList.toggle("is-marked", row.querySelector("[data-mark]").checked));
    const page = list.querySelector("[data-mark-page]");
    page.checked = number > 0 && number === all("[data-mark]", list).length;
    page.indeterminate = number > 0 && !page.checked;
  };
  const address = (list, element) => {
    const url = new URL(element.getAttribute("action") || element.getAttribute("href"), window.location.href);
    if (list.dataset.all === "1") url.searchParams.set("all", "1");
    else url.searchParams.set("ids", chosen(list).map((mark) => mark.value).join(","));
    new URLSearchParams(element.dataset.bulk).forEach((value, name) => url.searchParams.set(name, value));
    return url.pathname + url.search;
  };
  let lastMark = null;
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.("[data-mark]");
    if (mark) {
      const marks = all("[data-mark]", mark.closest(".list"));
      if (event.shiftKey && lastMark && marks.includes(lastMark)) {
        const [from, to] = [marks.indexOf(lastMark), marks.indexOf(mark)].sort((a, b) => a - b);
        marks.slice(from, to + 1).forEach((one) => { one.checked = mark.checked; });
      }
      lastMark = mark;
    }
  });
  document.addEventListener("change", (event) => {
    const list = event.target.closest?.(".list");
    if (!list) return;
    if (event.target.matches("[data-mark-page]")) all("[data-mark]", list).forEach((mark) => { mark.checked = event.target.checked; });
    if (event.target.matches("[data-mark], [data-mark-page]")) { delete list.dataset.all; showMarks(list); }
  });
  const marksOff = (list) => { all("[data-mark]", list).forEach((mark) => { mark.checked = false; }); delete list.dataset.all; showMarks(list); };
  // Before the shell's own listeners take the link or the form: by then it has to lead to what is marked.
  window.addEventListener("click", (event) => {
    const list = event.target.closest?.(".list");
    if (!list) return;
    const verb = event.target.closest("a[data-bulk]");
    if (verb) {
      verb.dataset.plain ??= verb.getAttribute("href");
      verb.setAttribute("href", verb.dataset.plain);
      verb.setAttribute("href", address(list, verb));
      if (verb.hasAttribute("data-bulk-file")) verb.setAttribute("hx-boost", "false"); else verb.setAttribute("data-dialog", "");
    } else if (event.target.closest("[data-bulk-all]")) {
      all("[data-mark]", list).forEach((mark) => { mark.checked = true; });
      list.dataset.all = "1";
      showMarks(list);
    } else if (event.target.closest("[data-bulk-none]")) marksOff(list);
  }, true);
  window.addEventListener("submit", (event) => {
    const list = event.target.closest?.(".list");
    if (list && event.target.matches("form[data-bulk]")) event.target.setAttribute("action", address(list, event.target));
  }, true);
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (form instanceof HTMLFormElement && form.matches("form[data-bulk]")) ctx.request.action = form.getAttribute("action");
  });
  const typing = (element) => element.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const list = document.querySelector(".list[data-list]");
    if (!list) return;
    const row = document.activeElement?.closest?.("tr[data-id]");
    if (event.key === "x" && row) {
      const mark = row.querySelector("[data-mark]");
      mark.checked = !mark.checked;
      mark.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (event.key === "Escape") marksOff(list);
    else if (event.key === "f") { event.preventDefault(); list.querySelector("[data-filter]")?.click(); }
  });

  // ---- columns as wide as they were pulled
  const setWidth = (head, width) => { head.style.width = head.style.minWidth = head.style.maxWidth = `${width}px`; };
  const keepWidth = (table, name, width) => {
    const store = `widths:${table.closest(".list").dataset.list}`;
    const kept = JSON.parse(localStorage.getItem(store) || "{}");
    localStorage.setItem(store, JSON.stringify({ ...kept, [name]: width }));
    htmx.ajax("POST", table.dataset.layout, { values: { widths: JSON.stringify({ [name]: width }) }, swap: "none", push: "false" });
  };
  window.proofline.mount("table[data-layout]", (table) => {
    const kept = JSON.parse(localStorage.getItem(`widths:${table.closest(".list").dataset.list}`) || "{}");
    all("th[data-field]", table).forEach((head) => {
      const width = head.dataset.width || kept[head.dataset.field];
      if (width) setWidth(head, width);
    });
    table.addEventListener("pointerdown", (event) => {
      const head = event.target.closest("[data-resize]")?.closest("th");
      if (!head) return;
      event.preventDefault();
      const [begun, before] = [event.clientX, head.offsetWidth];
      let width = before;
      const move = (moved) => { width = Math.max(64, Math.min(800, before + moved.clientX - begun)); setWidth(head, width); };
      const end = () => {
        document.removeEventListener("pointermove", move);
        if (width !== before) keepWidth(table, head.dataset.field, Math.round(width));
      };
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", end, { once: true });
    });
  });
  window.proofline.mount(".list[data-list]", showMarks);

  // ---- the builder of filters: another field or condition asks for other inputs
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-filter-step]")) return;
    const form = event.target.form;
    const step = Object.assign(document.createElement("button"), { name: "do", value: "show", hidden: true });
    form.append(step);
    form.requestSubmit(step);
    step.remove();
  });

  // ---- things put in order by hand
  window.proofline.mount("[data-sortable]", (box) => {
    Sortable.create(box, { handle: "[data-handle]", filter: ".is-fixed", animation: 120 });
    box.addEventListener("keydown", (event) => {
      const line = event.target.closest("li");
      if (!event.altKey || !line || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      const other = event.key === "ArrowUp" ? line.previousElementSibling : line.nextElementSibling;
      if (!other || other.classList.contains("is-fixed")) return;
      if (event.key === "ArrowUp") other.before(line); else other.after(line);
      event.target.focus();
    });
  });

  // ---- from record to record as the list has them
  const KEPT = "list-records";
  window.proofline.mount(".list[data-list]", (list) => {
    const links = all("tbody tr[data-id] th[scope=row] a", list).map((link) => new URL(link.href).pathname);
    const pager = (rel) => list.querySelector(`.pager a[rel=${rel}]`)?.href || "";
    if (links.length) sessionStorage.setItem(KEPT, JSON.stringify({ here: window.location.href, links, prev: pager("prev"), next: pager("next") }));
  });
  window.proofline.mount("[data-neighbours]", (box) => {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    const at = kept ? kept.links.indexOf(window.location.pathname) : -1;
    if (at < 0) return;
    const show = (name, url) => {
      const link = box.querySelector(`[data-${name}]`);
      if (url) { link.href = url; link.removeAttribute("aria-disabled"); }
    };
    show("previous", kept.links[at - 1] || kept.prev);
    show("next", kept.links[at + 1] || kept.next);
    box.querySelector("[data-back]").href = kept.here;
    box.hidden = false;
    htmx.process(box);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const name = { "[": "previous", "]": "next" }[event.key];
    if (name) document.querySelector(`[data-neighbours]:not([hidden]) [data-${name}][href]`)?.click();
  });
})();
