/**
 * The page: what is always in sight, and two columns of panels that become one where it is narrow.
 */
import { moment, linkState } from "../store.js";
import { ArenaPanel } from "./arena.js";
import { Bar } from "./bar.js";
import { BoardPanel } from "./board.js";
import { ChartsPanel } from "./charts.js";
import { FaultsPanel } from "./faults.js";
import { Help } from "./help.js";
import { LogPanel } from "./log.js";
import { OthersPanel } from "./others.js";
import { TasksPanel } from "./tasks.js";
import { TimelinePanel } from "./timeline.js";
import { VerdictLine } from "./verdict.js";

const PANEL_NAMES = {
  tasks: "Tasks",
  board: "Board",
  timeline: "Timeline",
  log: "Log",
  charts: "Charts",
  faults: "Faults",
  arena: "Arena",
};

function Jump() {
  return (
    <nav class="jump" aria-label="Views">
      {Object.entries(PANEL_NAMES).map(([id, name]) => (
        <a key={id} href={`#${id}`}>
          {name}
        </a>
      ))}
    </nav>
  );
}

/** Why there is nothing to see yet. */
function Empty() {
  const text = {
    connecting: "Connecting to the simulator …",
    live: "The board is being started …",
    lost: "The simulator cannot be reached. Is `reattach dev` still running?",
    busy: "There are too many other pages of this simulator. Close one.",
    refused: "This address lacks its token. Open the one that `reattach dev` has printed.",
  }[linkState.value];
  return <p class="empty">{text}</p>;
}

function Panels() {
  return (
    <main class="grid">
      <div class="column">
        <BoardPanel />
        <OthersPanel />
        <TimelinePanel />
        <ChartsPanel />
        <ArenaPanel />
      </div>
      <div class="column">
        <TasksPanel />
        <LogPanel />
        <FaultsPanel />
      </div>
    </main>
  );
}

export function App() {
  const isEmpty = moment.value === null;
  return (
    <>
      <a class="skip" href="#tasks">
        Skip to the tasks
      </a>
      <header class="top">
        <Bar />
        <VerdictLine />
        <Jump />
      </header>
      {isEmpty ? <Empty /> : <Panels />}
      <Help />
    </>
  );
}
