/* Places that look for news every second: they keep the newest rows alone, and say where they are when the server does not answer. */
(() => {
  const MOST = 100;
  const quiet = (event) => event.detail?.ctx?.sourceElement?.closest?.("[data-quiet]");
  window.proofline.mount("[data-live-rows]", (rows) => {
    new MutationObserver(() => { while (rows.children.length > MOST) rows.lastElementChild.remove(); }).observe(rows, { childList: true });
  });
  document.addEventListener("htmx:error", (event) => {
    const place = quiet(event);
    if (!place) return;
    event.stopImmediatePropagation();
    place.classList.add("is-offline");
  }, true);
  document.addEventListener("htmx:after:request", (event) => {
    const place = quiet(event);
    if (!place) return;
    const broken = event.detail.ctx.response.status >= 500;
    place.classList.toggle("is-offline", broken);
    if (broken) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
})();
