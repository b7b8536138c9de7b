// What the tests ask of an open page. The value of this file is an object of functions.
(() => {
  const shown = (element) => element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true, opacityProperty: true });
  const said = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const name = (element) => `<${element.tagName.toLowerCase()}> ${said(element).slice(0, 60)}`;

  // Every text node with ink, and the element that it stands in.
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && !["title", "style", "script"].includes(parent.tagName.toLowerCase())) {
        found.push([walker.currentNode, parent]);
      }
    }
    return found;
  };

  const box = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range;
  };

  const colour = (text) => {
    const numbers = /^rgba?\(([^)]*)\)$/.exec(text);
    if (!numbers) throw new Error(`not a colour that is understood: ${text}`);
    const [red, green, blue, alpha = 1] = numbers[1].split(/[ ,/]+/).map(Number);
    return [red, green, blue, alpha];
  };
  const over = ([red, green, blue, alpha], below) =>
    [red, green, blue].map((one, index) => one * alpha + below[index] * (1 - alpha)).concat(1);
  const luminance = (one) => {
    const [red, green, blue] = one.slice(0, 3).map((each) => each / 255).map((each) =>
      each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  // What is painted behind a text: the backgrounds of all that it stands in, and in a picture the shape before it.
  const grounds = (element) => {
    const found = [];
    if (element.ownerSVGElement) {
      const shape = element.parentElement.querySelector("rect");
      if (!shape) throw new Error(`a text without a shape behind it: ${name(element)}`);
      found.push(getComputedStyle(shape).fill);
    }
    for (let each = element; each; each = each.parentElement) found.push(getComputedStyle(each).backgroundColor);
    return found;
  };
  const opacity = (element) => element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1;

  return {
    // The contrast of every text, the least first. Paper is white whatever the page says: printers leave grounds out.
    contrasts: (onPaper) => texts().map(([node, element]) => {
      const style = getComputedStyle(element);
      const ground = (onPaper ? [] : grounds(element)).map(colour).reduceRight((below, each) => over(each, below), [255, 255, 255, 1]);
      const ink = colour(element.ownerSVGElement ? style.fill : style.color);
      ink[3] *= opacity(element);
      return { text: node.data.trim().slice(0, 60), ratio: ratio(over(ink, ground), ground) };
    }).sort((a, b) => a.ratio - b.ratio),

    // What sticks out of the window and cannot be scrolled to in a box of its own.
    outside: () => {
      const width = document.documentElement.clientWidth;
      const found = document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
      for (const element of document.body.querySelectorAll("*")) {
        const scrolled = element.parentElement.closest(".scroll");
        if (scrolled && ["auto", "scroll"].includes(getComputedStyle(scrolled).overflowX)) continue;
        const { left, right } = element.getBoundingClientRect();
        if (left < -0.5 || right > width + 0.5) found.push(name(element));
      }
      return found;
    },

    // Cells of more than two lines of a few letters each.
    crushed: () => [...document.querySelectorAll("th, td")].filter((cell) => {
      const lines = new Set([...box(cell).getClientRects()].map((each) => Math.round(each.bottom))).size;
      return lines > 2 && said(cell).length / lines < 8;
    }).map(name),

    // Texts of pictures that are longer than their shapes.
    spilled: () => [...document.querySelectorAll("svg text")].filter((text) => {
      const [inner, outer] = [text.getBoundingClientRect(), text.parentElement.querySelector("rect").getBoundingClientRect()];
      return inner.left < outer.left || inner.right > outer.right || inner.top < outer.top || inner.bottom > outer.bottom;
    }).map(name),

    // The rows of a table, cell by cell, as a person sees them.
    rows: (heading) => {
      let next = document.getElementById(heading).nextElementSibling;
      while (!next.querySelector("table")) next = next.nextElementSibling;
      return [...next.querySelectorAll("tbody tr")].filter(shown).map((row) => [...row.cells].map((cell) => shown(cell) ? cell.innerText : ""));
    },

    // Texts that are in the page and not to be seen.
    hidden: () => texts().filter(([, element]) => !shown(element) || !element.getClientRects().length).map(([node]) => node.data.trim()),

    open: () => document.querySelectorAll("details").forEach((one) => { one.open = true; }),
    closed: () => [...document.querySelectorAll("details:not([open]) > summary")].map(said),
  };
})()
