/**
 * The connections of one task, each with how long its calls have taken.
 */
import { grouped, shownWait } from "../model/format.js";
import { percentile } from "../model/rates.js";
import { moment } from "../store.js";
import type { ConnectionRow } from "../../watch/protocol.js";

/** A task with more of them shows the first. */
const SHOWN_MAX = 12;

/** Calls by their time: a bar for each bucket, the n-th below 2^n microseconds. */
function Histogram({ buckets, label }: { buckets: readonly number[]; label: string }) {
  const most = Math.max(1, ...buckets);
  return (
    <span class="histogram" role="img" aria-label={label} title={label}>
      {buckets.map((count, power) => (
        <i
          key={power}
          data-empty={count === 0 || undefined}
          style={{ height: `${(100 * count) / most}%` }}
        />
      ))}
    </span>
  );
}

function Trips({ trips }: { trips: readonly number[] }) {
  const total = trips.reduce((sum, count) => sum + count, 0);
  const [half, most] = [0.5, 0.99].map((share) => shownWait(percentile(trips, share)));
  const words = `${grouped(total)} calls, half below ${half}, 99 of 100 below ${most}`;
  return (
    <>
      <Histogram buckets={trips} label={words} />
      <span class="num">
        {half} / {most}
      </span>
    </>
  );
}

function Connection({ row }: { row: ConnectionRow }) {
  const { coid, server, service, trips, waits } = row;
  const to = server === "" ? "nobody" : server;
  return (
    <li>
      <span class="to" title={`connection ${coid}`}>
        → {to}
        {service === "" || service === to ? "" : ` (${service})`}
        {waits === null ? "" : ` ${waits}`}
      </span>
      {trips === null ? <span class="num">–</span> : <Trips trips={trips} />}
    </li>
  );
}

/** Those of a task at the moment that is shown; nothing where no calls are traced. */
export function Connections({ name }: { name: string }) {
  const rows = (moment.value?.frame.connections ?? []).filter(({ client }) => client === name);
  if (!rows.some(({ trips }) => trips !== null)) return null;
  return (
    <div class="connections">
      <h4>
        connections <span class="hint">half / 99 of 100 calls took less</span>
      </h4>
      <ul>
        {rows.slice(0, SHOWN_MAX).map((row) => (
          <Connection key={row.coid} row={row} />
        ))}
      </ul>
    </div>
  );
}
