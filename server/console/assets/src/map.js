// The map of hazards and the point of one: a bundle of its own, for few pages need Leaflet. The server puts together what
// lies close; without an address of tiles there is a plain grid.
import { circle, divIcon, GridLayer, latLngBounds, map as createMap, marker, tileLayer, layerGroup } from "leaflet";
import "leaflet/dist/leaflet.css";

const LARGEST_ZOOM = 18;
const SMALLEST_BOX = 0.004; // degrees: a single point is not looked at from a metre's height

function plainGrid() {
  const grid = new GridLayer({ maxZoom: LARGEST_ZOOM });
  grid.createTile = () => {
    const tile = document.createElement("div");
    tile.className = "place-tile";
    return tile;
  };
  return grid;
}

/** What the map is drawn on. Who provides the tiles learns which they are, not which page wants them; words of whoever set
 * the map up are words, not markup. */
function ground({ tiles, credit }) {
  const attribution = Object.assign(document.createElement("span"), { textContent: credit ?? "" }).innerHTML;
  return tiles ? tileLayer(tiles, { maxZoom: LARGEST_ZOOM, referrerPolicy: "no-referrer", attribution }) : plainGrid();
}

function mark(place) {
  const size = place.count > 1 ? Math.min(56, 28 + 4 * String(place.count).length) : 18;
  const label = place.count > 1 ? String(place.count) : "";
  return divIcon({ className: "place-mark", html: label, iconSize: [size, size] });
}

async function draw(view, layer, address) {
  const bounds = view.getBounds();
  const query = new URLSearchParams({
    west: bounds.getWest().toFixed(6), south: bounds.getSouth().toFixed(6),
    east: bounds.getEast().toFixed(6), north: bounds.getNorth().toFixed(6),
  });
  const answer = await fetch(`${address}${address.includes("?") ? "&" : "?"}${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { places } = await answer.json();
  layer.clearLayers();
  for (const place of places) {
    marker(place.at, { icon: mark(place), title: place.text, alt: place.text })
      .on("click", () => (place.href ? location.assign(place.href) : view.setView(place.at, Math.min(view.getZoom() + 2, LARGEST_ZOOM))))
      .addTo(layer);
  }
}

function show(element) {
  const [west, south, east, north] = element.dataset.box.split(",").map(Number);
  const isWhole = Boolean(element.dataset.places);
  const still = { keyboard: isWhole, scrollWheelZoom: isWhole };
  const view = createMap(element, { maxZoom: LARGEST_ZOOM, zoomAnimation: false, fadeAnimation: false, ...still });
  view.attributionControl.setPrefix(false);
  ground(element.dataset).addTo(view);
  const around = Math.max(0, SMALLEST_BOX - (east - west)) / 2;
  view.fitBounds(latLngBounds([south - around, west - around], [north + around, east + around]), { padding: [24, 24] });
  const layer = layerGroup().addTo(view);
  if (!isWhole) {
    const radius = Number(element.dataset.accuracy);
    if (radius) view.fitBounds(circle([south, west], { radius, interactive: false, className: "place-accuracy" }).addTo(layer).getBounds(), { maxZoom: 16 });
    marker([south, west], { icon: mark({ count: 1 }), alt: "位置", keyboard: false }).addTo(layer);
    return;
  }
  const redraw = () => draw(view, layer, element.dataset.places);
  view.on("moveend", redraw);
  redraw();
}

// --- the venue of a training session: a click on the map, or on a venue of before, fills in the fields of its form ------

const MAINLAND = [[18, 73], [54, 135]];

function readPoint(text) {
  const [latitude, longitude] = text.replace("，", ",").split(",").map(Number);
  return latitude && longitude ? [latitude, longitude] : null;
}

function pickVenue(element) {
  const form = element.closest("form");
  const { point, datum, venue } = form.elements;
  const known = [...element.querySelectorAll("[data-venue]")].map(({ dataset }) => ({ name: dataset.venue, at: readPoint(dataset.at) }));
  if (!element.dataset.tiles && !known.length) return; // an empty grid tells nobody where anything is
  element.hidden = false;
  let view = null;
  let chosen = null;

  function markChosen(at) {
    chosen?.remove();
    chosen = at && marker(at, { icon: mark({ count: 1 }), alt: "选的场地", keyboard: false }).addTo(view);
  }

  function fill(at, name) {
    point.value = at.map((part) => part.toFixed(6)).join(", ");
    datum.value = element.dataset.datum;
    if (name) venue.value = name;
    markChosen(at);
  }

  function open() {
    view = createMap(element.querySelector(".place-map"), { maxZoom: LARGEST_ZOOM, zoomAnimation: false, fadeAnimation: false });
    view.attributionControl.setPrefix(false);
    ground(element.dataset).addTo(view);
    const own = datum.value === element.dataset.datum ? readPoint(point.value) : null; // of another datum it would lie askew
    const seen = [...known.map(({ at }) => at), ...(own ? [own] : [])];
    view.fitBounds(seen.length ? latLngBounds(seen).pad(0.3) : MAINLAND, { maxZoom: 14 });
    for (const { name, at } of known) {
      marker(at, { icon: divIcon({ className: "place-venue", html: "", iconSize: [18, 18] }), title: name, alt: name })
        .bindTooltip(name, { permanent: true, direction: "right", offset: [8, 0] })
        .on("click", () => fill(at, name))
        .addTo(view);
    }
    markChosen(own);
    if (element.dataset.tiles) view.on("click", ({ latlng }) => fill([latlng.lat, latlng.lng]));
  }

  element.addEventListener("toggle", () => element.open && !view && open());
}

document.querySelectorAll("[data-map]").forEach(show);
document.querySelectorAll("[data-venue-map]").forEach(pickVenue);
