/**
 * The order of tasks by their dependencies: who starts after whom, and who is restarted with whom.
 * Pure functions of the declarations.
 */

/** What a task says about its dependencies. */
export interface Dependent {
  readonly name: string;
  /** Names of the tasks that are started before it. */
  readonly dependsOn: readonly string[];
}

/**
 * A cycle of dependencies as the names along it, the first one again at the end; null when there is
 * none. Names that are not among the tasks are left out.
 */
export function findCycle(tasks: readonly Dependent[]): string[] | null {
  const done: string[] = [];
  const enter = (task: Dependent, path: readonly string[]): string[] | null => {
    const start = path.indexOf(task.name);
    if (start >= 0) return [...path.slice(start), task.name];
    if (done.includes(task.name)) return null;
    for (const next of tasks) {
      if (!task.dependsOn.includes(next.name)) continue;
      const cycle = enter(next, [...path, task.name]);
      if (cycle !== null) return cycle;
    }
    done.push(task.name);
    return null;
  };
  for (const task of tasks) {
    const cycle = enter(task, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

/**
 * The tasks in the order of their start: after what they depend on, and otherwise as they were
 * declared. They are stopped in the reverse order. There must be no cycle.
 */
export function startOrder<Task extends Dependent>(tasks: readonly Task[]): Task[] {
  const order: Task[] = [];
  const add = (task: Task): void => {
    if (order.includes(task)) return;
    for (const other of tasks) if (task.dependsOn.includes(other.name)) add(other);
    order.push(task);
  };
  for (const task of tasks) add(task);
  return order;
}

/** A task and all that depend on it, directly or not, in the order of `tasks`. */
export function withDependents<Task extends Dependent>(
  tasks: readonly Task[],
  first: Task,
): Task[] {
  return closure(tasks, first, (task, other) => other.dependsOn.includes(task.name));
}

/** All tasks that dependencies connect with one, whichever way, in the order of `tasks`. */
export function connectedWith<Task extends Dependent>(tasks: readonly Task[], first: Task): Task[] {
  return closure(
    tasks,
    first,
    (task, other) => other.dependsOn.includes(task.name) || task.dependsOn.includes(other.name),
  );
}

function closure<Task extends Dependent>(
  tasks: readonly Task[],
  first: Task,
  isNext: (task: Task, other: Task) => boolean,
): Task[] {
  const members: Task[] = [first];
  // It grows while it is gone through.
  for (const member of members) {
    for (const other of tasks) {
      if (!members.includes(other) && isNext(member, other)) members.push(other);
    }
  }
  return tasks.filter((task) => members.includes(task));
}
