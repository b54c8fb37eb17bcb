// The map of hazards and the point of one: a bundle of its own, for few pages need Leaflet. The server puts together what
// lies close; without an address of tiles there is a plain grid.
import { divIcon, GridLayer, latLngBounds, map as createMap, marker, tileLayer, layerGroup } from "leaflet";
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
  (element.dataset.tiles ? tileLayer(element.dataset.tiles, { maxZoom: LARGEST_ZOOM }) : plainGrid()).addTo(view);
  const around = Math.max(0, SMALLEST_BOX - (east - west)) / 2;
  view.fitBounds(latLngBounds([south - around, west - around], [north + around, east + around]), { padding: [24, 24] });
  const layer = layerGroup().addTo(view);
  if (!isWhole) {
    marker([south, west], { icon: mark({ count: 1 }), alt: "位置", keyboard: false }).addTo(layer);
    return;
  }
  const redraw = () => draw(view, layer, element.dataset.places);
  view.on("moveend", redraw);
  redraw();
}

document.querySelectorAll("[data-map]").forEach(show);
