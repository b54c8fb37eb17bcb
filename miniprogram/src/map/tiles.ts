/** The map of the H5 page, by Leaflet: a file of its own, fetched when somebody opens the map. What is beneath its middle is the point. */
import { circle, circleMarker, map as createMap, tileLayer, type LatLngExpression } from "leaflet";
import "leaflet/dist/leaflet.css";

const [CLOSE, FAR, CLOSEST] = [17, 15, 18]; // zooms: a few houses, a few streets, the closest that there are tiles for
const VAGUE = 150; // metres: a point as far off as that is looked at from afar
const STEP = 10; // pixels that a key of an arrow moves the map by, about as many metres; with Shift three times as much

export interface Beginning {
  tiles: string;
  at: LatLngExpression;
  accuracy: number | null;
  colour: string;
}

export interface Watch {
  moved: (at: { latitude: number; longitude: number; metres: number }) => void;
  /** Of the tiles on the screen: some are here, or all have been tried and none came. */
  seen: (isThere: boolean) => void;
}

export interface OpenMap {
  closer: () => void;
  farther: () => void;
  back: () => void;
  retry: () => void;
  close: () => void;
}

export function openMap(element: HTMLElement, { tiles, at, accuracy, colour }: Beginning, { moved, seen }: Watch): OpenMap {
  const view = createMap(element, {
    attributionControl: false, zoomControl: false, // both stand below the map, as large as everything else
    keyboardPanDelta: STEP, maxZoom: CLOSEST, minZoom: 4, zoomAnimation: false, fadeAnimation: false,
  });
  view.setView(at, (accuracy ?? 0) > VAGUE ? FAR : CLOSE);
  if (accuracy) circle(at, { radius: accuracy, interactive: false, color: colour, weight: 1, fillOpacity: 0.12 }).addTo(view);
  circleMarker(at, { radius: 6, interactive: false, color: "#fff", weight: 2, fillColor: colour, fillOpacity: 1 }).addTo(view);

  const layer = tileLayer(tiles, { maxZoom: CLOSEST, referrerPolicy: "no-referrer" });
  let [came, failed] = [0, 0];
  layer.on("loading", () => ([came, failed] = [0, 0]));
  layer.on("tileload", () => (came++ ? undefined : seen(true)));
  layer.on("tileerror", () => failed++);
  layer.on("load", () => !came && failed && seen(false));
  layer.addTo(view);

  view.on("move", () => {
    const { lat, lng } = view.getCenter();
    moved({ latitude: lat, longitude: lng, metres: view.distance(at, [lat, lng]) });
  });
  // Words below that need another line leave less room: the same point stays beneath the cross.
  const room = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => view.invalidateSize({ animate: false }));
  room?.observe(element);
  return {
    closer: () => view.zoomIn(), farther: () => view.zoomOut(), back: () => view.setView(at), retry: () => layer.redraw(),
    close() {
      room?.disconnect();
      view.remove();
    },
  };
}
