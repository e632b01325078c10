/**
 * Messages below the timeline: a list of those that its arrows show, for the keyboard and for
 * screen readers, and everything about the one that was picked.
 */
import { counted, grouped, shownTime } from "../model/format.js";
import {
  beginOf,
  callWords,
  factsOf,
  hexWords,
  isWhole,
  outcomeWords,
  tookWords,
  valueWords,
} from "../model/messages.js";
import { messages, picked, view } from "../store.js";
import type { MessageBytes, MessageRow, MessageWindow } from "../../watch/message-window.js";

/** Arrows go from row to row and pick; Enter lets go. */
function onKey(event: KeyboardEvent, list: readonly MessageRow[], index: number): void {
  const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: list.length - 1 };
  const next = to[event.key as keyof typeof to];
  if (event.key === "Enter" || event.key === " ") pick(list[index]!);
  else if (next === undefined) return;
  else if (list[next] !== undefined) {
    picked.value = list[next];
    const row = event.currentTarget as HTMLTableRowElement;
    (row.parentElement?.children[next] as HTMLElement | undefined)?.focus();
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Picks a message, or lets it go when it is the one. */
function pick(row: MessageRow): void {
  picked.value = picked.peek()?.id === row.id ? null : row;
}

function List({ list }: { list: readonly MessageRow[] }) {
  const at = list.findIndex(({ id }) => id === picked.value?.id);
  return (
    <div class="scroll messages">
      <table aria-label="Messages of this span">
        <thead>
          <tr>
            <th scope="col" class="num">
              at s
            </th>
            <th scope="col">from → to</th>
            <th scope="col">call</th>
            <th scope="col" class="num">
              took
            </th>
            <th scope="col" class="more">
              outcome
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((row, index) => (
            <tr
              key={row.id}
              tabIndex={index === Math.max(0, at) ? 0 : -1}
              data-selected={index === at || undefined}
              data-outcome={row.outcome}
              onClick={() => pick(row)}
              onKeyDown={(event) => onKey(event, list, index)}
            >
              <td class="num">{shownTime(beginOf(row))}</td>
              <th scope="row">
                {row.client} → {row.server}
              </th>
              <td>{callWords(row)}</td>
              <td class="num">{tookWords(row)}</td>
              <td class="more">{outcomeWords(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Bytes({ title, held }: { title: string; held: MessageBytes | null }) {
  if (held === null) return null;
  return (
    <>
      <h4>
        {title}: {counted(held.bytes, "byte")}
      </h4>
      {held.values === null ? null : (
        <dl class="fields">
          {Object.entries(held.values).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{valueWords(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <p class="hex">{hexWords(held)}</p>
    </>
  );
}

function Picked({ row }: { row: MessageRow }) {
  const title = `${callWords(row)}: ${row.client} → ${row.server}`;
  return (
    <section class="details message" aria-label={title}>
      <div class="who">
        <h3>{title}</h3>
        <button type="button" onClick={() => (picked.value = null)}>
          Close
        </button>
      </div>
      <dl>
        {factsOf(row).map(([what, words]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd title={words}>{words}</dd>
          </div>
        ))}
      </dl>
      <Bytes title="request" held={row.request} />
      <Bytes title="reply" held={row.reply} />
    </section>
  );
}

function noteOn(found: MessageWindow, isFollowing: boolean): string {
  const { total, known_ms, from_ms } = found;
  const missing = known_ms > from_ms ? ` Before ${shownTime(known_ms)} s some are missing.` : "";
  if (!isWhole(found)) {
    return `${grouped(total)} messages in this span: come closer to see them.${missing}`;
  }
  const how = total > 0 && isFollowing ? " The space bar stops the page, and lists them." : "";
  return `${counted(total, "message")} in this span.${how}${missing}`;
}

/** What is below the lanes: nothing where no messages are asked for and none is picked. */
export function MessagesBelow() {
  const found = messages.value;
  const row = picked.value;
  const isFollowing = view.value.end_ms === null;
  return (
    <>
      {found === null ? null : <p class="note">{noteOn(found, isFollowing)}</p>}
      {found !== null && !isFollowing && isWhole(found) && found.total > 0 ? (
        <List list={found.messages} />
      ) : null}
      {row === null ? null : <Picked row={row} />}
    </>
  );
}
