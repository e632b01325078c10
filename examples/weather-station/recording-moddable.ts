/**
 * The recording, on a device: the same bytes, where they lie in flash. Nothing is copied.
 */
import Resource from "Resource";

const NAME = "seattle-weather-hourly-normals.csv";

/** The whole recording. Read only. */
export function openRecording(): Uint8Array {
  // XS takes a Resource for a buffer; TypeScript does not know that.
  return new Uint8Array(new Resource(NAME) as unknown as ArrayBuffer);
}
