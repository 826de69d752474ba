// Explore: menus that fetch what they offer when they open, and go by keyboard.
"use strict";
(() => {
  const menuOf = (element) => element.closest(".explore-menu");
  const options = (menu) => [...menu.querySelectorAll(".explore-options .dropdown-item")];

  document.addEventListener("shown.bs.dropdown", (event) => {
    const holder = event.target.closest(".dropdown");
    const place = holder?.querySelector(":scope > .explore-menu [data-explore-pick]");
    if (place) htmx.trigger(place, "explore:open");
  });

  // On a phone the chosen kind may stand beyond the edge.
  window.proofline.mount(".explore-tabs", (tabs) => {
    const chosen = tabs.querySelector(".active");
    if (chosen) tabs.scrollLeft = chosen.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - chosen.offsetWidth) / 2;
  });

  // What came is ready to be typed into.
  document.addEventListener("htmx:after:swap", () => {
    const menu = document.querySelector(".explore-menu.show");
    const find = menu?.querySelector("[data-explore-find]");
    if (find && !menu.contains(document.activeElement)) find.focus();
    else if (find && document.activeElement?.matches(".explore-menu, .dropdown-toggle, [data-bs-toggle]")) find.focus();
  });

  document.addEventListener("keydown", (event) => {
    const find = event.target.closest?.("[data-explore-find]");
    if (!find) return;
    const list = options(menuOf(find));
    if (event.key === "ArrowDown" && list.length) { event.preventDefault(); event.stopPropagation(); list[0].focus(); }
    else if (event.key === "Enter" && !find.hasAttribute("data-explore-typed")) { event.preventDefault(); list[0]?.click(); }
  }, true);
})();
