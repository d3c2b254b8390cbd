// Run axe and tell what it found where a reader would look: the heading above, the table's caption,
// the element's own words. Contrast that axe leaves undecided because of a gradient is decided here,
// and so is that of text in drawings, whose colours are fills that axe does not read.
async run => {
  // Single characters count here: figures in tables. The rest are axe's own values
  axe.configure({checks: [{id: 'color-contrast', options: {
    ignoreLength: true, ignoreUnicode: true, ignorePseudo: false,
    boldValue: 700, boldTextPt: 14, largeTextPt: 18,
    contrastRatio: {normal: {expected: 4.5}, large: {expected: 3}},
    pseudoSizeThreshold: 0.25, shadowOutlineEmMax: 0.2, textStrokeEmMin: 0.03,
  }}]});
  const result = await axe.run(document, {
    runOnly: run, resultTypes: ['violations', 'incomplete'],
  });
  const words = text => (text || '').replace(/\s+/g, ' ').trim().slice(0, 80);
  const heads = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')];
  const find = node => node.target.length === 1 && typeof node.target[0] === 'string'
    ? document.querySelector(node.target[0]) : null;
  const place = element => {
    const above = element && heads.filter(head => head === element
      || head.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
    return {
      heading: words(above && above.textContent), text: words(element && element.textContent),
      caption: words(element && element.closest('table')?.caption?.textContent),
    };
  };
  const told = node => ({
    target: node.target.flat().join(' '), html: words(node.html), ...place(find(node)),
    contrast: node.any.find(check => check.id === 'color-contrast')?.data || null,
  });

  const {Color, flattenColors, getContrast} = axe.commons.color;
  const parse = text => { const color = new Color(); color.parseString(text); return color; };
  const colours = image => image.match(/\b[a-z-]+\([^()]*\)/g)?.filter(
    text => /^(rgb|hsl|color|oklab|oklch|lab|lch|hwb)/.test(text)).map(parse) || [];
  // What lies under a page that sets no colour: white, or dark where the page allows it
  const probe = document.documentElement.appendChild(document.createElement('i'));
  probe.style.background = 'Canvas';
  const canvas = getComputedStyle(probe).backgroundColor;
  probe.remove();
  const backgrounds = element => {
    const layers = [];
    let stops = [];
    const solid = () => stops.length > 0 && stops.every(color => color.alpha === 1);
    for (let at = element; at && layers.at(-1)?.alpha !== 1 && !solid(); at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage.includes('url(')) return null;
      if (!stops.length) stops = colours(style.backgroundImage);
      const color = parse(style.backgroundColor);
      if (color.alpha > 0) layers.push(color);
    }
    layers.push(parse(canvas));
    // A gradient with clear parts, such as a shadow at an edge, lies over the plain colour
    if (solid()) return stops;
    return [layers.reverse().reduce((below, above) => flattenColors(above, below))];
  };
  // true: enough contrast; contrast data: too little; null: cannot be said
  const weigh = (text, behind, pixels, weight) => {
    const points = pixels * 0.75;
    const wanted = points >= 18 || (points >= 14 && weight >= 700) ? 3 : 4.5;
    const ratio = below => getContrast(below, flattenColors(text, below));
    const enough = behind.filter(below => ratio(below) >= wanted).length;
    if (enough === behind.length) return true;
    if (enough) return null;
    return {
      contrastRatio: Math.floor(ratio(behind[0]) * 100) / 100, expectedContrastRatio: `${wanted}:1`,
      fgColor: text.toHexString(), bgColor: behind[0].toHexString(),
    };
  };
  const decide = node => {
    const element = find(node);
    const behind = element && backgrounds(element);
    if (!behind) return null;
    const style = getComputedStyle(element);
    return weigh(
      parse(style.color), behind, parseFloat(style.fontSize), parseFloat(style.fontWeight));
  };

  const shapes = 'rect, path, circle, ellipse, polygon';
  const unseen = 'defs, clipPath, pattern, mask, symbol';
  const drawn = element => {
    let svg = element.ownerSVGElement;
    while (svg.ownerSVGElement) svg = svg.ownerSVGElement;
    let behind = backgrounds(svg);
    if (!behind || behind.length > 1) return null;
    const box = element.getBoundingClientRect();
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
    for (const shape of svg.querySelectorAll(shapes)) {
      if (shape.closest(unseen)
        || !(shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      const style = getComputedStyle(shape);
      if (style.fill === 'none' || style.visibility !== 'visible') continue;
      const matrix = shape.getScreenCTM();
      if (!matrix || !shape.isPointInFill(middle.matrixTransform(matrix.inverse()))) continue;
      if (style.fill.startsWith('url(')) return null;
      const color = parse(style.fill);
      color.alpha *= parseFloat(style.fillOpacity) * parseFloat(style.opacity);
      behind = [flattenColors(color, behind[0])];
    }
    const style = getComputedStyle(element);
    if (style.fill.startsWith('url(')) return null;
    const text = parse(style.fill);
    text.alpha *= parseFloat(style.fillOpacity) * parseFloat(style.opacity);
    const scale = Math.abs(element.getScreenCTM()?.a || 1);
    return weigh(text, behind, parseFloat(style.fontSize) * scale, parseFloat(style.fontWeight));
  };
  const lettering = new Map();
  for (const element of document.querySelectorAll('svg text, svg tspan')) {
    const own = [...element.childNodes].some(
      node => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim());
    if (own && !element.closest(unseen) && element.getBoundingClientRect().width > 0) {
      lettering.set(element, drawn(element));
    }
  }

  const violations = result.violations.map(rule => ({
    id: rule.id, help: rule.help, tags: rule.tags, nodes: rule.nodes.map(told),
  }));
  const pale = [...lettering].filter(([, contrast]) => contrast && contrast !== true);
  const failed = pale.map(([element, contrast], number) => ({
    target: `svg text ${number}`, html: words(element.outerHTML), ...place(element), contrast,
  }));
  const incomplete = [];
  const stopped = [];
  for (const rule of result.incomplete) {
    const open = [];
    for (const node of rule.nodes) {
      if ([...node.any, ...node.all, ...node.none].some(check => check.id === 'error-occurred')) {
        stopped.push({id: rule.id, ...told(node)});
        continue;
      }
      let contrast = null;
      if (rule.id === 'color-contrast') {
        const gradient = node.any.some(check => check.data?.messageKey === 'bgGradient');
        const element = find(node);
        if (lettering.has(element)) {
          if (lettering.get(element) !== null) continue;
        } else if (gradient) {
          contrast = decide(node);
        }
      }
      if (contrast === null) open.push(told(node));
      else if (contrast !== true) failed.push({...told(node), contrast});
    }
    if (open.length) incomplete.push({id: rule.id, help: rule.help, nodes: open});
  }
  if (failed.length) {
    violations.push({
      id: 'color-contrast', help: 'Elements must meet minimum color contrast ratio thresholds',
      tags: ['wcag2aa'], nodes: failed,
    });
  }
  return {violations, incomplete, stopped};
}
