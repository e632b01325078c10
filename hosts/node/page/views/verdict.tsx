/**
 * Is everything well? If not: what is wrong, since when, who suffers, what happens next. And four
 * sums.
 */
import { computed, useSignalEffect } from "@preact/signals";
import { moment, notice, recording, verdict } from "../store.js";
import { shownCount, shownSpan } from "../model/format.js";

interface Sum {
  readonly what: string;
  readonly value: string;
}

const sums = computed<readonly Sum[]>(() => {
  const at = moment.value;
  const seen = recording.value;
  if (at === null || seen === null) return [];
  const { incidents } = seen;
  const deaths = incidents.list.filter(({ ms }) => ms > at.ms).length;
  return [
    { what: "messages/s", value: shownCount(at.tasks.reduce((sum, { out }) => sum + out, 0)) },
    { what: "deaths", value: String(seen.deaths - deaths) },
    { what: "recoveries", value: String(seen.recoveries) },
    { what: "up", value: shownSpan(at.ms) },
  ];
});

/** Changes with the kind of trouble alone: a screen reader says it then. */
const announcement = computed(() => verdict.value?.announcement ?? "");

function useTitle(): void {
  useSignalEffect(() => {
    const { glyph = "", announcement: text = "" } = verdict.value ?? {};
    const title = text === "" ? "reattach dev" : `${glyph} ${text}`;
    if (document.title !== title) document.title = title;
  });
}

export function VerdictLine() {
  useTitle();
  const { level, glyph, head, because } = verdict.value ?? {
    level: "well",
    glyph: "",
    head: "…",
    because: "",
  };
  return (
    <section class="verdict" data-level={level} aria-label="Is everything well?">
      <span class="mark" aria-hidden="true">
        {glyph}
      </span>
      <div class="said">
        <h1>{head}</h1>
        <span class="unseen" role="status" aria-live="polite">
          {announcement}
        </span>
        <p>{because}</p>
        <p class="notice" role="alert">
          {notice}
        </p>
      </div>
      <dl class="sum">
        {sums.value.map(({ what, value }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
