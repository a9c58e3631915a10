"use strict";
// Tells where a table is wider than its box, which then can be reached and scrolled by keyboard.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const isWider = target.scrollWidth > target.clientWidth;
    target.nextElementSibling.hidden = !isWider;
    target.toggleAttribute("tabindex", isWider);
    if (isWider) target.tabIndex = 0;
    for (const [name, value] of [["role", "region"], ["aria-label", target.dataset.title]]) {
      if (isWider) target.setAttribute(name, value);
      else target.removeAttribute(name);
    }
  }
});
for (const box of document.querySelectorAll(".scroll")) boxes.observe(box);
