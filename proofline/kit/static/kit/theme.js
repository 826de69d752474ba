// Runs before the first paint: light or dark as chosen, else as the system says.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    if (!root.hasAttribute("data-theme-chosen")) root.setAttribute("data-bs-theme", system.matches ? "dark" : "light");
  };
  follow();
  system.addEventListener("change", follow);
  // Chromium keeps the boxes that it drew for Chinese text while our fallback font was on its way: another list of families makes it look again.
  document.fonts.addEventListener("loadingdone", (event) => {
    if (event.fontfaces.some((face) => face.family.includes("Proofline Han"))) root.classList.add("han-loaded");
  });
  if (/(?:^|; )folded=1/.test(document.cookie)) root.classList.add("folded");
})();
