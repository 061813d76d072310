import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { linesOf, sourceOf } from "../src/preview/lines";

// output line -> source line
const LINES = [3, -1, 5, 5, -1, 8, 4, -1];

describe("the lines of the chain that belong to a line of the source", () => {
  it("are those that come from it", () => {
    assert.deepEqual(linesOf(LINES, 5), [2, 3]);
    assert.deepEqual(linesOf(LINES, 4), [6]);
  });
  it("are those of the nearest line above, where none comes from it", () => {
    assert.deepEqual(linesOf(LINES, 7), [2, 3]);
    assert.deepEqual(linesOf(LINES, 100), [5]);
  });
  it("are none above the first", () => {
    assert.deepEqual(linesOf(LINES, 2), []);
    assert.deepEqual(linesOf([], 2), []);
  });
});

describe("the line of the source that belongs to a line of the chain", () => {
  it("is the one it comes from", () => {
    assert.equal(sourceOf(LINES, 5), 8);
  });
  it("is that of the nearest line above, for a line that is ours", () => {
    assert.equal(sourceOf(LINES, 4), 5);
    assert.equal(sourceOf(LINES, 1), 3);
  });
  it("is the last one's, below the end", () => {
    assert.equal(sourceOf(LINES, 50), 4);
  });
  it("is none where nothing above comes from the source", () => {
    assert.equal(sourceOf([-1, -1, 2], 1), undefined);
    assert.equal(sourceOf([], 0), undefined);
  });
});
