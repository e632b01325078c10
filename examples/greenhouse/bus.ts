/**
 * Clearing an I2C bus on which a device holds the data line (UM10204, "Bus clear").
 */
import Digital from "embedded:io/digital";

/** The bits of a byte, and the acknowledge. */
const CLOCKS = 9;

/**
 * Gives clocks until the data line is high, nine at the most: with them a device that was
 * interrupted comes to the end of its byte. Before the bus is opened.
 */
export function clearBus(data: number, clock: number): void {
  const line = new Digital({ pin: data, mode: Digital.InputPullUp });
  const wire = new Digital({ pin: clock, mode: Digital.OutputOpenDrain });
  for (let clocks = 0; clocks < CLOCKS && line.read() === 0; clocks++) {
    wire.write(0);
    wire.write(1);
  }
  wire.close();
  line.close();
}
