// Which lines of a source and of its bind chain belong together.

/** The lines of the chain that come from *source*, or else from the nearest line above that has any. */
export function linesOf(lines: readonly number[], source: number): number[] {
  let nearest = -1;
  for (const line of lines) {
    if (line <= source && line > nearest) {
      nearest = line;
    }
  }
  return nearest < 0 ? [] : lines.flatMap((line, index) => (line === nearest ? [index] : []));
}

/** The line of the source that *line* of the chain comes from, or else the nearest line above. */
export function sourceOf(lines: readonly number[], line: number): number | undefined {
  for (let index = Math.min(line, lines.length - 1); index >= 0; index -= 1) {
    const source = lines[index];
    if (source !== undefined && source >= 0) {
      return source;
    }
  }
  return undefined;
}
