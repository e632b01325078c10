/**
 * What the manager watches for on behalf of one task: conditions and actions of HAM, folded. It is
 * asked for when it is unfolded, and every second from then on.
 */
import { useEffect, useState } from "preact/hooks";
import type { HamDirectory } from "../../../../src/manager/status.js";
import { askHam, ham } from "../store.js";

const ASK_MS = 1000;

function Directory({ directory }: { directory: HamDirectory }) {
  return (
    <li>
      <b>{directory.name}</b>{" "}
      <span>{directory.info.map(([what, value]) => `${what} ${value}`).join(" · ")}</span>
      {directory.children.length === 0 ? null : (
        <ul>
          {directory.children.map((child) => (
            <Directory key={child.name} directory={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Tree({ name }: { name: string }) {
  useEffect(() => {
    void askHam();
    const timer = setInterval(() => void askHam(), ASK_MS);
    return () => clearInterval(timer);
  }, []);
  const entity = ham.value?.children.find((child) => child.name === name);
  if (ham.value === null) return <p class="none">asking the manager …</p>;
  if (entity === undefined) return <p class="none">The manager watches for nothing here.</p>;
  return (
    <ul class="tree">
      <Directory directory={entity} />
    </ul>
  );
}

/** The conditions and actions of a task's entity. */
export function HamTree({ name }: { name: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="ham" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Conditions and actions (HAM)</summary>
      {isOpen ? <Tree name={name} /> : null}
    </details>
  );
}
