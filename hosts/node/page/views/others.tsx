/**
 * Other boards, as this one sees them: who is here, with which services, and what was refused.
 * Where there is no net there is no such panel.
 */
import type { NetView } from "../../../../src/net/gateway.js";
import { grouped } from "../model/format.js";
import { moment } from "../store.js";

/** "3 frames refused"; "" for none. */
function refusedText({ refused, exports }: NetView): string {
  const count = refused.malformed + refused.strange + exports.refused;
  if (count === 0) return "";
  return `, ${grouped(count)} ${count === 1 ? "frame" : "frames"} refused`;
}

function hintOf(net: NetView): string {
  const broker = net.isBrokerThere ? "the broker is there" : "the broker is gone";
  return `of ${net.board}: ${broker}${refusedText(net)}`;
}

export function OthersPanel() {
  const net = moment.value?.frame.net ?? null;
  if (net === null) return null;
  return (
    <section class="panel" id="others" aria-labelledby="h-others">
      <div class="head">
        <h2 id="h-others">Other boards</h2>
        <span class="hint">{hintOf(net)}</span>
      </div>
      {net.boards.length === 0 ? (
        <p class="none">No other board is known.</p>
      ) : (
        <table aria-labelledby="h-others">
          <thead>
            <tr>
              <th scope="col">board</th>
              <th scope="col">state</th>
              <th scope="col">services</th>
            </tr>
          </thead>
          <tbody>
            {net.boards.map(({ board, services }) => (
              <tr key={board}>
                <th scope="row">{board}</th>
                <td>{services === null ? "gone" : "here"}</td>
                <td>{services?.join(" ") ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
