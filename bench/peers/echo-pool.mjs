/** The job of a pool of threads: piscina's and tinypool's. */
export default function echo(bytes) {
  return bytes;
}
