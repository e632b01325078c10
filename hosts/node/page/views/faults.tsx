/**
 * The fault lab: what if? The plan as rows, and the same plan as a command line and as a file.
 */
import { type Signal, signal } from "@preact/signals";
import {
  commandOf,
  type FaultChoice,
  faultOf,
  type FaultWhen,
  isOfMessage,
  isTime,
  kindsFor,
  strikeOf,
  targetsOf,
  timesOf,
  whensFor,
} from "../model/fault-plan.js";
import { linkState, moment, order, recording } from "../store.js";
import type { Scenario } from "../../watch/protocol.js";

const target = signal("");
const kind = signal("kill");
/** "" for what the kind does by itself. */
const times = signal("");
const when = signal<FaultWhen>("rate");
const every = signal("1s");
const call = signal("");
const nth = signal("1");
const seed = signal("");
const said = signal("");

function tasksOf(): readonly string[] {
  return moment.value?.frame.faults.tasks ?? [];
}

function targets(): readonly string[] {
  return targetsOf(tasksOf(), moment.value?.frame.faults.parts ?? []);
}

/** What stands in the form: where something else was chosen before, what is possible instead. */
function choice(): FaultChoice & { readonly isTask: boolean } {
  const tasks = tasksOf();
  const all = targets();
  const chosen = all.includes(target.value) ? target.value : (all[0] ?? "");
  const isTask = tasks.includes(chosen);
  const kinds = kindsFor(chosen, tasks, isTraced());
  const ofKind = kinds.includes(kind.value) ? kind.value : (kinds[0] ?? "");
  const whens = whensFor(ofKind, isTask, isTraced());
  return {
    target: chosen,
    isTask,
    kind: ofKind,
    times: timesOf(ofKind, isTask) === "" ? "" : times.value,
    when: whens.includes(when.value) ? when.value : (whens[0] ?? "rate"),
    every: every.value,
    call: callsOf(chosen).includes(call.value) ? call.value : "",
    number: nth.value,
  };
}

function isTraced(): boolean {
  return recording.value?.welcome.isTraced === true;
}

function callsOf(task: string): readonly string[] {
  return recording.value?.welcome.tasks.find(({ name }) => name === task)?.calls ?? [];
}

async function add(): Promise<void> {
  const chosen = choice();
  if (chosen.when === "rate" && !isTime(chosen.every)) {
    said.value = "every: such as 500ms, 2s or 1.5";
    return;
  }
  const answer = await order({ call: "addFault", fault: faultOf(chosen) });
  said.value = answer.ok ? "" : answer.error;
}

async function once(): Promise<void> {
  const answer = await order({ call: "strike", fault: strikeOf(choice()) });
  said.value = answer.ok ? "" : answer.error;
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

/** How the moments of a fault are called. */
const WHEN_TEXTS: Readonly<Record<FaultWhen, string>> = {
  rate: "about every",
  message: "at its message",
  "after-effect": "before its answer",
};

/** A choice of one of `names`; `textOf` says what is shown of each. */
function Choice({
  label,
  names,
  value,
  choose,
  textOf = (name) => name,
}: {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly choose: (name: string) => void;
  readonly textOf?: (name: string) => string;
}) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      {names.map((name) => (
        <option key={name} value={name}>
          {textOf(name)}
        </option>
      ))}
    </select>
  );
}

/** A short text. */
function Entry({
  name,
  label,
  entered,
  hint = "",
}: {
  readonly name: string;
  readonly label: string;
  readonly entered: Signal<string>;
  readonly hint?: string;
}) {
  return (
    <input
      name={name}
      aria-label={label}
      size={5}
      value={entered.value}
      placeholder={hint}
      onInput={({ currentTarget }) => (entered.value = currentTarget.value)}
    />
  );
}

/** When it strikes: at a rate, or at which message. */
function When({ chosen }: { readonly chosen: ReturnType<typeof choice> }) {
  const calls = callsOf(chosen.target);
  return (
    <>
      <Choice
        label="When"
        names={whensFor(chosen.kind, chosen.isTask, isTraced())}
        value={chosen.when}
        choose={(name) => (when.value = name as FaultWhen)}
        textOf={(name) => WHEN_TEXTS[name as FaultWhen]}
      />
      {chosen.when === "rate" && <Entry name="every" label="About every" entered={every} />}
      {chosen.when !== "rate" && calls.length > 0 && (
        <Choice
          label="Of which call"
          names={["", ...calls]}
          value={chosen.call}
          choose={(name) => (call.value = name)}
          textOf={(name) => (name === "" ? "of all" : name)}
        />
      )}
      {chosen.when !== "rate" && <Entry name="number" label="Which message" entered={nth} />}
    </>
  );
}

function Form() {
  const chosen = choice();
  const hint = timesOf(chosen.kind, chosen.isTask);
  return (
    <form
      id="fault-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Choice
        label="What to strike"
        names={targets()}
        value={chosen.target}
        choose={(name) => (target.value = name)}
      />
      <Choice
        label="Fault"
        names={kindsFor(chosen.target, tasksOf(), isTraced())}
        value={chosen.kind}
        choose={(name) => {
          kind.value = name;
          times.value = "";
        }}
      />
      {hint !== "" && <Entry name="times" label="How long" entered={times} hint={hint} />}
      <When chosen={chosen} />
      <button type="submit">Add</button>
      <button
        type="button"
        disabled={isOfMessage(chosen.kind, chosen.isTask)}
        onClick={() => void once()}
      >
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
