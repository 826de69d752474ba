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
    const broken = event.detail.ctx.response.status >= 500 || event.detail.ctx.response.status === 413;
    place.classList.toggle("is-offline", broken);
    if (broken) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
})();

// A word that we avoid is replaced in the fields as they stand, so nothing that is being typed is lost; without scripts the form's button posts it.
// A page that shows a record's texts is drawn anew by "Replace": what is typed in its other forms is put back.
(() => {
  const PLACES = /(\{\{.*?\}\}|\{%.*?%\})/s; // what is filled in when a text is sent
  const reword = (text, either, instead) => text.split(PLACES).map((part, at) => (at % 2 ? part : part.replace(either, (found) => (found.toLowerCase() === instead.toLowerCase() ? found : instead)))).join("");
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-reword]");
    if (!button?.form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { form, dataset } = button;
    const either = new RegExp(dataset.reword, "gi");
    const names = dataset.names.split(" ");
    [...form.elements].filter((field) => names.includes(field.name)).forEach((field) => {
      const text = reword(field.value, either, dataset.instead);
      if (text === field.value) return;
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    button.closest(".row-line").remove();
  }, true);

  const typed = (page) => [...page.querySelectorAll("form textarea, form input[type=text]")].filter((field) => field.name && field.value !== field.defaultValue);
  const place = (field) => `${field.form.getAttribute("action")} ${field.name}`;
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx?.sourceElement?.closest?.("[data-rewording]") && ctx.target instanceof Element) ctx.kept = typed(ctx.target).map((field) => [place(field), field.value]);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const fields = event.detail.ctx?.kept?.length ? [...document.querySelectorAll("#main form textarea, #main form input")] : [];
    fields.forEach((field) => {
      const kept = event.detail.ctx.kept.find(([where]) => where === place(field));
      if (!kept) return;
      field.value = kept[1];
      field.dispatchEvent(new Event("input", { bubbles: true }));
      const folded = field.closest("details");
      if (folded) folded.open = true;
    });
  });
})();
