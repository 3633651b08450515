// Prints the table that the TAP archive of the tests serves: the stars to magnitude 8 as CSV.
// Usage: node stars.mjs .../d3-celestial/data/stars.8.json
import { readFileSync } from 'node:fs';

const { features } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const lines = ['id,ra,dec,mag,bv'];
for (const { id, properties, geometry } of features) {
  const [longitude, dec] = geometry.coordinates;
  const ra = Number((longitude < 0 ? longitude + 360 : longitude).toFixed(9));
  lines.push([id, ra, dec, properties.mag, properties.bv].join(','));
}
process.stdout.write(lines.join('\n') + '\n');
