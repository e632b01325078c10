/**
 * The arena: how full its tables are and ever were, and where its bytes went.
 */
import { computed } from "@preact/signals";
import type { Usage } from "../../../../src/kernel/inspect/usage.js";
import { grouped } from "../model/format.js";
import { moment, recording } from "../store.js";

interface Meter {
  readonly name: string;
  readonly used: number;
  readonly total: number;
  /** null where nobody keeps count of it. */
  readonly highest: number | null;
}

/** What the tables are called where there is little room. */
const SHORT: Readonly<Record<string, string>> = { sharedBuffers: "buffers" };
/** Of these nobody keeps the most that were in use, but those who watch, of what they saw. */
const SEEN: ReadonlySet<string> = new Set(["pulses", "sharedBuffers"]);
/** So full a table is worth a look at its limit. */
const FULL = 0.95;
/** A region with a smaller share has no room for its name. */
const NAMED_SHARE = 0.09;

const meters = computed<readonly Meter[]>(() => {
  const at = moment.value;
  if (at === null || recording.value === null) return [];
  const tables = Object.entries<Usage>({ ...at.frame.tables });
  return tables
    .filter(([, { total }]) => total > 0)
    .map(([name, { used, total, highest }]) => ({ name, used, total, highest }));
});

function MeterRow({ name, used, total, highest }: Meter) {
  const isFull = (highest ?? used) / total >= FULL;
  const since = SEEN.has(name) ? "as seen while somebody watched" : "so far";
  const most = highest === null ? "" : `at most ${highest} ${since}`;
  return (
    <div>
      <div class="row">
        <span>{SHORT[name] ?? name}</span>
        <span class="of" title={most}>
          {grouped(used)} of {grouped(total)}
        </span>
      </div>
      <div
        class="meter"
        role="meter"
        aria-label={most === "" ? name : `${name}, ${most}`}
        aria-valuenow={used}
        aria-valuemin={0}
        aria-valuemax={total}
        data-full={isFull || undefined}
      >
        <i style={{ width: `${(100 * used) / total}%` }} />
        {highest === null ? null : (
          <b style={{ left: `calc(${(100 * highest) / total}% - 2px)` }} />
        )}
      </div>
    </div>
  );
}

/** Of a run that does not change: drawn once. */
function Regions() {
  const { regions } = recording.value!.welcome;
  const parts = regions.filter(({ bytes }) => bytes > 0);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const text = parts.map(({ name, bytes }) => `${name} ${grouped(bytes)} bytes`).join(", ");
  return (
    <>
      <div class="map" role="img" aria-label={text}>
        {parts.map(({ name, bytes, reason }) => (
          <i
            key={name}
            style={{ flex: `${bytes} 0 0` }}
            title={`${name}: ${grouped(bytes)} bytes. ${reason}`}
          >
            {bytes / total > NAMED_SHARE ? name : ""}
          </i>
        ))}
      </div>
      <ul class="regions">
        {[...parts]
          .sort((a, b) => b.bytes - a.bytes)
          .map(({ name, bytes, reason }) => (
            <li key={name} title={reason}>
              {name} <b>{grouped(bytes)}</b>
            </li>
          ))}
      </ul>
    </>
  );
}

export function ArenaPanel() {
  const regions = recording.value?.welcome.regions ?? [];
  const total = regions.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <section class="panel" id="arena" aria-labelledby="h-arena">
      <div class="head">
        <h2 id="h-arena">Arena</h2>
        <span class="hint">{grouped(total)} bytes, fixed at boot; mark = the most so far</span>
      </div>
      <div class="tables">
        {meters.value.map((meter) => (
          <MeterRow key={meter.name} {...meter} />
        ))}
      </div>
      <Regions />
    </section>
  );
}
