/** Guards of api/ against those who would take the whole of it for themselves. */
import type { Guard } from "./guard.ts";

const connections = "api/connections.test.ts";

export const guards: Guard[] = [
  {
    name: "who connects and says nothing is let go when there are too many",
    file: "api/connections.ts",
    find: "if (silent.size <= maxSilent) return;",
    replace: "if (silent.size > 0) return;",
    test: connections,
  },
  {
    name: "who has asked is not counted among those who say nothing",
    file: "api/connections.ts",
    find: 'server.prependListener("request", spoke).prependListener("checkContinue", spoke);',
    replace: "void spoke;",
    test: connections,
  },
  {
    name: "who does not wait for answers is cut off",
    file: "api/connections.ts",
    find: "if (open > maxUnanswered) hangUp(socket);",
    replace: "",
    test: connections,
  },
  {
    name: "what came along with one question too many is not read",
    file: "api/connections.ts",
    find: "if (socket.parser?.onIncoming !== undefined) socket.parser.onIncoming = () => readNoFurther;",
    replace: "",
    test: connections,
  },
  {
    name: "what comes after an early answer is not taken",
    file: "api/connections.ts",
    find: 'if (!request.complete) response.setHeader("connection", "close");',
    replace: "",
    test: connections,
  },
  {
    name: "reading tables leaves time for others",
    file: "api/pace.ts",
    find: "Math.max(leastRestMs, clock.monotonic() - began)",
    replace: "leastRestMs",
    test: "api/pace.test.ts",
  },
  {
    name: "tables are read one portion at a time",
    file: "api/pace.ts",
    find: "      await myTurn;\n",
    replace: "      void myTurn;\n",
    test: "api/pace.test.ts",
  },
  {
    name: "JSON is not read deeper than a body may be",
    file: "api/json-text.ts",
    find: "    if (depth > maxDepth)\n",
    replace: "    if (depth < 0)\n",
    test: "api/json-text.test.ts",
  },
  {
    name: "brackets in a text are no nesting",
    file: "api/json-text.ts",
    find: "if (code === quote) at = endOfString(text, at);",
    replace: "if (code === quote) at += 0;",
    test: "api/json-text.test.ts",
  },
  {
    name: "YAML is not read deeper than a body may be, also within a line",
    file: "api/yaml-text.ts",
    find: 'else if (brackets === 0 && inLine.has(type ?? "")) indicators += 1;',
    replace: "",
    test: "api/yaml-text.test.ts",
  },
  {
    name: "YAML of more values than a task has is not read",
    file: "api/yaml-text.ts",
    find: "if (pieces > maxPieces)",
    replace: "if (pieces < 0)",
    test: "api/yaml-text.test.ts",
  },
];
