import path from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigurationError, readConfiguration } from "./configuration.ts";

describe("the configuration of npm start", () => {
  it("has defaults for everything", () => {
    expect(readConfiguration([], {})).toEqual({
      files: [],
      port: 5000,
      dataDir: path.resolve(".traintask"),
      maxRunning: undefined,
      allowHostCommands: false,
      allowPrivateAddresses: false,
      addTask: undefined,
    });
  });

  it("takes task files and options in any order", () => {
    const configuration = readConfiguration(
      ["a.yaml", "--port", "0", "b.yaml", "--max-running=3", "--allow-host-commands", "--allow-private-addresses"],
      {},
    );
    expect(configuration).toMatchObject({
      port: 0,
      maxRunning: 3,
      allowHostCommands: true,
      allowPrivateAddresses: true,
    });
    expect(configuration?.files).toEqual([path.resolve("a.yaml"), path.resolve("b.yaml")]);
  });

  it("takes the same from the environment, options going first", () => {
    const environment = {
      TRAINTASK_PORT: "6000",
      TRAINTASK_MAX_RUNNING: "4",
      TRAINTASK_ALLOW_HOST_COMMANDS: "true",
      TRAINTASK_ALLOW_PRIVATE_ADDRESSES: "1",
    };
    expect(readConfiguration(["--port", "7000"], environment)).toMatchObject({
      port: 7000,
      maxRunning: 4,
      allowHostCommands: true,
      allowPrivateAddresses: true,
    });
  });

  it("answers nothing when help is asked for", () => {
    expect(readConfiguration(["--help"], {})).toBeUndefined();
  });

  const mistakes: Record<string, { args?: string[]; environment?: Record<string, string>; says: RegExp }> = {
    "a port that is not a number": {
      args: ["--port", "http"],
      says: /--port must be an integer from 0 to 65535, not "http"/,
    },
    "a port beyond 65535": { args: ["--port", "70000"], says: /--port must be/ },
    "a negative number of tasks": { args: ["--max-running=-1"], says: /--max-running must be/ },
    "an option that does not exist": { args: ["--portt", "1"], says: /--portt/ },
    "a flag in the environment that is neither true nor false": {
      environment: { TRAINTASK_ALLOW_HOST_COMMANDS: "maybe" },
      says: /TRAINTASK_ALLOW_HOST_COMMANDS must be true or false, not "maybe"/,
    },
  };
  for (const [name, { args = [], environment = {}, says }] of Object.entries(mistakes))
    it(`refuses ${name} and names it`, () => {
      expect(() => readConfiguration(args, environment)).toThrow(ConfigurationError);
      expect(() => readConfiguration(args, environment)).toThrow(says);
    });
});
