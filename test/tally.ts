/**
 * The closing lines of a whole run: `test/tally.ts <vitest's JSON of npm test> <output of npm run test:cluster>` prints
 * the failures of the first (the second has just printed its own), and the tally of both.
 */
import { existsSync, readFileSync } from "node:fs";
import { failures, none, type Results, sum, tallyIn, tallyLine, tallyOf } from "./results.ts";

const [tests = "", cluster = ""] = process.argv.slice(2);
/** What ended before it could say how it went has failed. */
const broken = { ...none, failed: 1 };

const results = existsSync(tests) ? (JSON.parse(readFileSync(tests, "utf8")) as Results) : undefined;
if (results !== undefined) for (const text of failures(results)) console.log(text);
const ofTests = results === undefined ? broken : tallyOf(results);
const ofCluster = (existsSync(cluster) ? tallyIn(readFileSync(cluster, "utf8")) : undefined) ?? broken;
console.log(tallyLine(sum(ofTests, ofCluster)));
