// The shell's behaviour. Everything is bound by delegation on the document, so parts may come and go.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;
  const YEAR = 365 * 24 * 3600;
  const remember = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=${value === "" ? 0 : YEAR}; samesite=lax`; };

  // ---- parts that need setting up: proofline.mount(".thing", element => …) runs for those here and those to come
  const mounts = [];
  const mountIn = (scope) => mounts.forEach(([selector, set]) => {
    const found = all(selector, scope);
    if (scope.matches?.(selector)) found.unshift(scope);
    found.forEach((element) => {
      const done = (element.proofline ||= new Set());
      if (!done.has(set)) { done.add(set); set(element); }
    });
  });
  window.proofline = { drawer: (open) => drawer(open), dialog: (url) => openDialog(url), mount(selector, set) { mounts.push([selector, set]); if (document.readyState !== "loading") mountIn(document.body); } };
  document.addEventListener("DOMContentLoaded", () => mountIn(document.body));
  document.addEventListener("htmx:after:process", (event) => { if (event.target instanceof Element) mountIn(event.target); });

  // ---- light and dark
  const showTheme = () => {
    const chosen = root.hasAttribute("data-theme-chosen") ? root.getAttribute("data-bs-theme") : "";
    all("[data-theme-switch] button").forEach((button) => button.setAttribute("aria-pressed", String(button.value === chosen)));
  };
  const chooseTheme = (theme) => {
    root.toggleAttribute("data-theme-chosen", theme !== "");
    root.setAttribute("data-bs-theme", theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
    remember("theme", theme);
    showTheme();
  };
  new MutationObserver(() => document.dispatchEvent(new CustomEvent("proofline:theme"))).observe(root, { attributeFilter: ["data-bs-theme"] });
  window.proofline.mount("[data-theme-switch]", showTheme);

  // ---- drawer and folding
  const drawer = (open) => {
    root.classList.toggle("drawer-open", open);
    all("[data-drawer]").forEach((button) => button.setAttribute("aria-expanded", String(open)));
    if (open) $(".side .side-item.active, .side a")?.focus(); 
  };

  // ---- dialogs
  const closeOnBackdrop = (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.open && event.type === "click") {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside && event.detail > 0) event.target.close();
    }
  };
  const openDialog = (url) => ($("#dialog").dataset.url = url, htmx.ajax("GET", url, { target: "#dialog-body", select: "#content", swap: "innerHTML ignoreTitle:true", push: "false" }).then(() => {
    const dialog = $("#dialog");
    if (!dialog.open && $("#dialog-body").childElementCount) dialog.showModal();
    $("#dialog [autofocus], #dialog .is-invalid, #dialog input:not([type=hidden]), #dialog select, #dialog textarea, #dialog button")?.focus();
  }));
  const inDialog = (element) => element instanceof Element && element.closest("#dialog");

  // ---- clicks
  document.addEventListener("click", (event) => {
    closeOnBackdrop(event);
    const hit = (selector) => event.target.closest?.(selector);
    let found;
    if ((found = hit("[data-theme-switch] button"))) { event.stopPropagation(); chooseTheme(found.value); }
    else if (hit("[data-drawer]")) drawer(!root.classList.contains("drawer-open"));
    else if (hit("[data-drawer-close]")) drawer(false);
    else if (hit("[data-fold]")) remember("folded", root.classList.toggle("folded") ? "1" : "");
    else if (hit("[data-palette-open]")) window.proofline.palette();
    else if ((found = hit("[data-toast-close]"))) found.closest("[data-toast]").remove();
    else if ((found = hit("[data-dialog-close]")) && found.closest("dialog[open]")) { event.preventDefault(); event.stopImmediatePropagation(); found.closest("dialog").close(); }
    else if ((found = hit("[data-print]"))) window.print();
    else if ((found = hit("[data-copy]"))) {
      navigator.clipboard?.writeText(found.dataset.copy);
      found.classList.add("copied");
      setTimeout(() => found.classList.remove("copied"), 1500);
    } else if ((found = hit("a[data-dialog]")) && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      event.stopImmediatePropagation();
      openDialog(found.href);
    } else if (hit(".side a")) drawer(false);
  }, true);

  // ---- a form under way is not sent a second time by a double click
  const sending = new Set();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (sending.has(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    sending.add(form);
    setTimeout(() => sending.delete(form), 10000); // an answer that leaves the page as it is, such as a file, tells nobody that it came
  }, true);
  document.addEventListener("htmx:finally:request", (event) => { sending.delete(event.detail.ctx.sourceElement); });
  window.addEventListener("pageshow", () => sending.clear());

  // ---- forms outside the content know where the reader is by now
  document.addEventListener("submit", (event) => {
    all("input[data-here]", event.target).forEach((field) => { field.value = window.location.pathname + window.location.search; });
  }, true);

  // ---- htmx: what comes back
  const tell = (text) => {
    const line = document.createElement("div");
    line.className = "toast-line toast-error";
    line.setAttribute("data-toast", "");
    line.textContent = text;
    $("#toasts")?.append(line);
    mountIn(line);
  };
  const isShell = (text) => /<meta name="layout" content="shell">/.test(text);
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    const type = ctx.response.headers.get("content-type") || "";
    const boosted = ctx.sourceElement?._htmx?.boosted;
    if (boosted && !type.includes("html")) { // a file: the browser opens it itself
      event.preventDefault();
      window.location.assign(ctx.response.raw.url);
    }
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.response.status >= 500) { event.preventDefault(); tell(document.body.dataset.broken); return; }
    if (ctx.response.status === 413) { // too much to be read: what was typed stays where it is
      event.preventDefault();
      tell(new DOMParser().parseFromString(ctx.text, "text/html").querySelector(".trouble p")?.textContent ?? document.body.dataset.broken);
      return;
    }
    const redirected = ctx.response.raw.redirected;
    if (inDialog(ctx.sourceElement) && ctx.sourceElement.closest("form, a") && redirected) {
      $("#dialog").close();
      Object.assign(ctx, { target: $("#main"), select: "#main", swap: "outerHTML show:none", push: "true", selectOOB: "#side-nav:innerMorph,#toasts:beforeend" });
    }
    const whole = ctx.select === "#main" || ctx.select === "#content";
    if (whole && !isShell(ctx.text)) { // a page with another look, such as the sign-in page
      event.preventDefault();
      window.location.assign(ctx.response.raw.url);
    }
  });
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (inDialog(ctx.sourceElement) && ctx.sourceElement.matches("form") && ctx.sourceElement._htmx?.boosted) {
      Object.assign(ctx, { target: $("#dialog-body"), select: "#content", swap: "innerHTML ignoreTitle:true", push: "false", selectOOB: null });
      ctx.request.action ||= $("#dialog").dataset.url;
    }
  });
  // Before, not after: what is opened as soon as the new page stands there stays open.
  document.addEventListener("htmx:before:swap", (event) => {
    if (event.detail.ctx?.select === "#main") all("dialog[open]").forEach((dialog) => dialog.close());
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx?.select !== "#main") return;
    if (!ctx.request?.anchor) window.scrollTo(0, 0);
    if (!$("dialog[open]")) $("#main")?.focus({ preventScroll: true });
    drawer(false);
  });

  // ---- waiting: after 300 ms the place that is going to change says so
  const waiting = new Map();
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const place = ctx.target instanceof Element ? ctx.target : null;
    ctx.toast = ctx.sourceElement?.closest?.("[data-toast]"); // once used, "Undo" goes
    waiting.set(ctx, setTimeout(() => {
      place?.classList.add("is-waiting");
      place?.setAttribute("aria-busy", "true");
      if (ctx.select === "#main") root.classList.add("is-loading");
    }, 300));
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    ctx.toast?.remove();
    clearTimeout(waiting.get(ctx));
    waiting.delete(ctx);
    root.classList.remove("is-loading");
    if (ctx.target instanceof Element) { ctx.target.classList.remove("is-waiting"); ctx.target.removeAttribute("aria-busy"); }
    all(".is-waiting").forEach((place) => { place.classList.remove("is-waiting"); place.removeAttribute("aria-busy"); });
  });
  document.addEventListener("htmx:error", (event) => {
    if (!event.detail.ctx) return;
    tell(document.body.dataset.offline);
  });

  // ---- toasts leave by themselves, unless somebody is on them
  window.proofline.mount("[data-toast]", (line) => {
    let timer;
    const leave = () => { timer = setTimeout(() => line.remove(), line.querySelector("form") ? 10000 : 5000); };
    line.addEventListener("pointerenter", () => clearTimeout(timer));
    line.addEventListener("focusin", () => clearTimeout(timer));
    line.addEventListener("pointerleave", leave);
    leave();
  });
})();
