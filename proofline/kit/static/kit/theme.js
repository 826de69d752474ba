// Runs before the first paint: light or dark as chosen, else as the system says.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    if (!root.hasAttribute("data-theme-chosen")) root.setAttribute("data-bs-theme", system.matches ? "dark" : "light");
  };
  follow();
  system.addEventListener("change", follow);
  if (/(?:^|; )folded=1/.test(document.cookie)) root.classList.add("folded");
})();
