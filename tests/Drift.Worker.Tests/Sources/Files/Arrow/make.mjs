// Writes the fixtures of ArrowFileTests with npm's apache-arrow: npm install apache-arrow && node make.mjs
import { writeFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';

const rows = 1000;
const at = (f) => Array.from({ length: rows }, (_, i) => f(i));
const columns = {
  id: arrow.vectorFromArray(at((i) => BigInt(i + 1)), new arrow.Int64()),
  amount: arrow.vectorFromArray(at((i) => (i % 10 === 3 ? null : (i * 7919) % 1009 / 8)), new arrow.Float64()),
  small: arrow.vectorFromArray(at((i) => (i * 31) % 50 - 10), new arrow.Int16()),
  ratio: arrow.vectorFromArray(at((i) => (i % 100 === 7 ? NaN : Math.fround(((i * 13) % 97) / 97))), new arrow.Float32()),
  country: arrow.vectorFromArray(at((i) => (i % 25 === 4 ? null : ['DE', 'FR', 'ÖS'][i % 3])), new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8())),
  channel: arrow.vectorFromArray(at((i) => ['web', 'app'][i % 2]), new arrow.Utf8()),
  flag: arrow.vectorFromArray(at((i) => (i % 50 === 9 ? null : i % 4 === 0)), new arrow.Bool()),
  ts: arrow.vectorFromArray(at((i) => new Date(Date.UTC(2026, 0, 1) + i * 60000)), new arrow.TimestampMillisecond()),
};
const table = new arrow.Table(columns);
writeFileSync('sample.arrow', arrow.tableToIPC(table, 'file'));
writeFileSync('sample.arrows', arrow.tableToIPC(table, 'stream'));
writeFileSync('batches.arrows', arrow.tableToIPC(new arrow.Table([...table.slice(0, 333).batches, ...table.slice(333).batches]), 'stream'));
writeFileSync('nested.arrows', arrow.tableToIPC(new arrow.Table({ l: arrow.vectorFromArray([[1], [2, 3]]) }), 'stream'));
