// How many CSS px of text lie beyond the right edge of a box that hides what does not fit, so that
// no one can scroll to it. Boxes of a pixel or two hide text on purpose, from those who look.
() => {
  const hides = value => value === 'hidden' || value === 'clip';
  const scrolls = value => value === 'auto' || value === 'scroll';
  const overflow = new Map([...document.querySelectorAll('html, body, body *')]
    .filter(each => !each.closest('svg'))
    .map(each => [each, getComputedStyle(each).overflowX]));
  const root = document.documentElement;
  let most = 0;
  for (const [box, value] of overflow) {
    if (!hides(value)) continue;
    const page = box === root || box === document.body;
    if (!page && box.clientWidth < 3) continue;
    const edge = page ? root.clientWidth : box.getBoundingClientRect().right;
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      if (!text.data.trim() || text.parentElement.closest('svg, script, style')) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const over = Math.max(0, ...[...range.getClientRects()].map(rect => rect.right)) - edge;
      if (over < 2) continue;
      let above = text.parentElement;
      while (above !== box && !scrolls(overflow.get(above)) &&
        !(hides(overflow.get(above)) && above.clientWidth < 3)) above = above.parentElement;
      if (above === box) most = Math.max(most, Math.ceil(over));
    }
  }
  return most;
}
