/** The shift between the datum of satellites and browsers (WGS-84) and that of most Chinese maps (GCJ-02), as server/core/geodesy.py has it. */
import type { Coordinates } from "@/api/types";

export type Datum = Coordinates["datum"];
type Degrees = [latitude: number, longitude: number];

const [AXIS, ECCENTRICITY] = [6_378_245, 0.006693421622965943]; // of the ellipsoid that GCJ-02 is defined on

/** Four waves over the country. */
const waves = (of: number, [one, other]: [number, number]): number =>
  ((20 * Math.sin(of * Math.PI) + 40 * Math.sin((of * Math.PI) / 3)) * 2) / 3 + ((one * Math.sin((of * Math.PI) / 12) + other * Math.sin((of * Math.PI) / 30)) * 2) / 3;

function toGcj02([latitude, longitude]: Degrees): Degrees {
  const [x, y] = [longitude - 105, latitude - 35];
  const ripple = ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + ripple + waves(y, [160, 320]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + ripple + waves(x, [150, 300]);
  const radians = (latitude * Math.PI) / 180;
  const magic = 1 - ECCENTRICITY * Math.sin(radians) ** 2;
  const root = Math.sqrt(magic);
  return [
    latitude + (north * 180) / (((AXIS * (1 - ECCENTRICITY)) / (magic * root)) * Math.PI),
    longitude + (east * 180) / ((AXIS / root) * Math.cos(radians) * Math.PI),
  ];
}

/** A point of mainland China in another datum; back from GCJ-02 it is good to a few metres. */
export function inDatum({ latitude, longitude, datum }: Pick<Coordinates, "latitude" | "longitude" | "datum">, wanted: Datum): Degrees {
  if (datum === wanted) return [latitude, longitude];
  const [north, east] = toGcj02([latitude, longitude]);
  return wanted === "gcj02" ? [north, east] : [2 * latitude - north, 2 * longitude - east];
}
