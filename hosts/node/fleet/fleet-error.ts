/** A fleet that could not be measured to its end, and why. */
export class FleetError extends Error {
  override get name(): string {
    return "FleetError";
  }
}
