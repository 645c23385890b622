// The elements of one pane for each model: black ground, picture, what the models saw, heat map, contour, words.
function pane(data, panel) {
  const figure = element("figure");
  const black = element("div", "black", {
    tabIndex: 0,
    role: "group",
    ariaLabel: `X-ray${panel.layer ? ` with the heat map of ${panel.title}` : ""}. Plus and minus zoom, arrows move, question mark lists the keys.`,
  });
  const stage = element("div", "stage");
  stage.style.setProperty("--ratio", data.ratio);
  stage.append(
    element("img", "picture", { src: data.picture, alt: data.alt, draggable: false }),
    placed(data.box, element("img", "seen", { src: data.seen, alt: "What the models saw, 224 × 224 pixels", draggable: false })),
    placed(data.box, element("div", "box")),
  );
  if (panel.layer) {
    const layer = element("img", "layer", { src: panel.layer, alt: `Heat map of ${panel.title}`, draggable: false });
    stage.append(placed(data.box, layer), placed(data.box, contour(data, panel)));
  }
  black.append(stage, element("span", "told", { ariaHidden: "true" }));
  const caption = element("figcaption");
  caption.append(element("strong"), element("span"));
  figure.append(caption, black, element("p", panel.layer ? "peak" : "peak none", { textContent: panel.peak }));
  return figure;
}

function contour(data, panel) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "contour");
  svg.setAttribute("viewBox", data.grid);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const name of ["halo", "line"]) {
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.setAttribute("class", name);
    path.setAttribute("d", panel.contour);
    svg.append(path);
  }
  return svg;
}

function placed(box, made) {
  for (const side of ["left", "top", "width", "height"]) made.style[side] = `${box[side]}%`;
  return made;
}

function radio(name, index, checked) {
  const label = element("label");
  label.append(element("input", "", { type: "radio", name: "view", value: index, checked }), name);
  return label;
}

function element(tag, name = "", properties = {}) {
  return Object.assign(document.createElement(tag), { className: name }, properties);
}
