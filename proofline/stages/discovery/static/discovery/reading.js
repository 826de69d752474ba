// Tells the company which sections of its proposal are read, and how long: only after the reader said yes, and to nobody else.
(() => {
  "use strict";
  const page = document.querySelector("[data-reading]");
  if (!page || navigator.globalPrivacyControl || navigator.doNotTrack === "1") return;
  const CHOICE = "proofline-reading";
  const EVERY = 15_000;
  const line = page.querySelector("[data-consent-line]");
  const inSight = new Map();
  const seconds = new Map();
  let agreed = stored() === "yes";
  let last = performance.now();

  function stored() {
    try { return localStorage.getItem(CHOICE); } catch { return null; }
  }

  function choose(answer) {
    try { localStorage.setItem(CHOICE, answer); } catch { /* private window: asked again next time */ }
    agreed = answer === "yes";
    line.hidden = true;
    if (agreed) send();
  }

  // Time counts for the section that fills most of the window while the page is visible.
  function count() {
    const now = performance.now();
    const passed = Math.min(now - last, EVERY) / 1000;
    last = now;
    if (document.visibilityState !== "visible" && !leaving) return;
    const [section, share] = [...inSight].sort((a, b) => b[1] - a[1])[0] ?? [];
    if (section && share > 0) seconds.set(section, (seconds.get(section) ?? 0) + passed);
  }

  function send() {
    count();
    if (!agreed) return;
    const whole = {};
    for (const [section, time] of seconds) {
      const full = Math.floor(time);
      if (full > 0) {
        whole[section] = full;
        seconds.set(section, time - full);
      }
    }
    if (Object.keys(whole).length) navigator.sendBeacon(page.dataset.reading, new Blob([JSON.stringify(whole)], { type: "application/json" }));
  }

  let leaving = false;
  const watch = new IntersectionObserver((entries) => {
    count();
    for (const entry of entries) inSight.set(entry.target.dataset.section, entry.intersectionRect.height);
  }, { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] });
  page.querySelectorAll("[data-section]").forEach((section) => watch.observe(section));

  page.addEventListener("click", (event) => {
    const answer = event.target.closest("[data-consent]")?.dataset.consent;
    if (answer) choose(answer);
  });
  document.addEventListener("visibilitychange", () => {
    leaving = document.visibilityState === "hidden";
    send();
    leaving = false;
  });
  addEventListener("pagehide", () => { leaving = true; send(); });
  setInterval(send, EVERY);
  if (line && stored() === null) line.hidden = false;
})();
