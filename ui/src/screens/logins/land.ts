// The world's land and borders, drawn once for each size. Fetched when the map is first unfolded: nobody else waits for it.

import { geoNaturalEarth1, geoPath, type GeoProjection } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json';

/** What a map of one size is made of. */
export interface Land {
  /** SVG paths. */
  land: string;
  borders: string;
  /** Where a place given as longitude and latitude stands, in pixels. */
  project: (place: [number, number]) => [number, number] | null;
}

const world = atlas as unknown as Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

/** Antarctica has no students. */
const inhabited: GeometryCollection = {
  ...world.objects.countries,
  geometries: world.objects.countries.geometries.filter((country) => country.id !== '010'),
};
const shape = feature(world, inhabited);
const lines = mesh(world, inhabited, (one, other) => one !== other);

/** The world in a picture of this size, in pixels. */
export function drawn(width: number, height: number): Land {
  const projection: GeoProjection = geoNaturalEarth1().fitExtent(
    [
      [1, 1],
      [width - 1, height - 1],
    ],
    shape,
  );
  const path = geoPath(projection).digits(1);
  return { land: path(shape) ?? '', borders: path(lines) ?? '', project: (place) => projection(place) };
}
