/**
 * The fault lab: what if? The plan as rows, and the same plan as a command line and as a file.
 */
import { signal } from "@preact/signals";
import { commandOf, isTime, kindsFor } from "../model/fault-plan.js";
import { linkState, moment, order, recording } from "../store.js";
import type { Action, Scenario } from "../../watch/protocol.js";

const target = signal("");
const kind = signal("kill");
const every = signal("1s");
const seed = signal("");
const said = signal("");

function targets(): readonly string[] {
  const { tasks = [], parts = [] } = moment.value?.frame.faults ?? {};
  return [...tasks, ...parts];
}

async function add(): Promise<void> {
  if (!isTime(every.value)) {
    said.value = "every: such as 500ms, 2s or 1.5";
    return;
  }
  const name = target.value === "" ? (targets()[0] ?? "") : target.value;
  const fault = `${kind.value}:${name}:${every.value}`;
  const answer = await order({ call: "addFault", fault });
  said.value = answer.ok ? "" : answer.error;
}

async function once(): Promise<void> {
  const name = target.value === "" ? (targets()[0] ?? "") : target.value;
  await order({ call: kind.value as Action, task: name });
}

async function restartPlan(): Promise<void> {
  const number = Number(seed.value);
  if (seed.value === "" || !Number.isSafeInteger(number)) {
    said.value = "seed: a whole number";
    return;
  }
  const { rules = [] } = moment.value?.frame.faults ?? {};
  const answer = await order({ call: "clearFaults", seed: number });
  if (!answer.ok) return;
  for (const { fault } of rules) await order({ call: "addFault", fault });
  said.value = "the plan begins again with this seed";
}

/** Hands the scenario to the browser as a download: no file is written by the server. */
async function save(): Promise<void> {
  const answer = await order({ call: "scenario" });
  if (!answer.ok) return;
  const scenario = answer.value as Scenario;
  const text = `${JSON.stringify(scenario, null, 2)}\n`;
  const link = document.createElement("a");
  link.download = "scenario.json";
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.click();
  URL.revokeObjectURL(link.href);
  said.value = "saved: reattach run <manifest> --scenario scenario.json";
}

function Form() {
  const { tasks = [] } = moment.value?.frame.faults ?? {};
  const chosen = target.value === "" ? (targets()[0] ?? "") : target.value;
  const kinds = kindsFor(chosen);
  const isTask = tasks.includes(chosen);
  return (
    <form
      id="fault-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <select
        aria-label="What to strike"
        value={chosen}
        onChange={({ currentTarget }) => {
          target.value = currentTarget.value;
          const allowed = kindsFor(currentTarget.value);
          if (!allowed.includes(kind.value)) kind.value = allowed[0] ?? "";
        }}
      >
        {targets().map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="Fault"
        value={kind.value}
        onChange={({ currentTarget }) => (kind.value = currentTarget.value)}
      >
        {kinds.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <label>
        about every{" "}
        <input
          name="every"
          size={5}
          value={every.value}
          onInput={({ currentTarget }) => (every.value = currentTarget.value)}
        />
      </label>
      <button type="submit">Add</button>
      <button type="button" disabled={!isTask} onClick={() => void once()}>
        Once, now
      </button>
    </form>
  );
}

function Plan() {
  const { rules = [] } = moment.value?.frame.faults ?? {};
  if (rules.length === 0) return <p class="none">No faults: add one, or strike once.</p>;
  return (
    <ul class="plan">
      {rules.map(({ id, fault, struck }) => (
        <li key={id}>
          <b>{fault}</b>
          <span>{struck === 1 ? "struck once" : `struck ${struck} times`}</span>
          <button
            type="button"
            aria-label={`Stop ${fault}`}
            onClick={() => void order({ call: "removeFault", id })}
          >
            Stop
          </button>
        </li>
      ))}
    </ul>
  );
}

function Repeat() {
  const plan = moment.value?.frame.faults;
  const manifest = recording.value?.welcome.argument ?? "";
  const command = commandOf(manifest, plan?.rules ?? [], plan?.seed ?? 0);
  return (
    <div class="repeat">
      <p class="seed">
        <label>
          seed{" "}
          <input
            name="seed"
            size={8}
            inputMode="numeric"
            placeholder={String(plan?.seed ?? "")}
            value={seed.value}
            onInput={({ currentTarget }) => (seed.value = currentTarget.value)}
          />
        </label>
        <button type="button" onClick={() => void restartPlan()}>
          Begin again
        </button>
        <button type="button" onClick={() => void save()}>
          Save scenario
        </button>
      </p>
      <p class="command">
        <code>{command}</code>
        <button type="button" onClick={() => void navigator.clipboard.writeText(command)}>
          Copy
        </button>
      </p>
    </div>
  );
}

export function FaultsPanel() {
  return (
    <section class="panel" id="faults" aria-labelledby="h-faults">
      <div class="head">
        <h2 id="h-faults">Fault lab</h2>
        <span class="hint">repeatable from its seed</span>
      </div>
      <fieldset disabled={linkState.value !== "live"}>
        <legend class="unseen">Fault plan</legend>
        <Form />
        <Plan />
        <Repeat />
      </fieldset>
      <p class="said" role="status">
        {said}
      </p>
    </section>
  );
}
