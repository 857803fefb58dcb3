// Runs before the first paint (a classic script), so that a chosen theme never flashes in late.
(() => {
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
