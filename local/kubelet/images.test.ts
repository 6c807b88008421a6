import { describe, expect, test } from "vitest";
import type { Container } from "../../kube/objects.ts";
import { chooseCommand } from "./images.ts";

const images = { trainer: { command: ["/usr/bin/node", "/app/main.ts"] } };
const choose = (container: Partial<Container>, allowHostCommands: boolean) =>
  chooseCommand({ name: "main", ...container }, { images, allowHostCommands });

describe("without --allow-host-commands", () => {
  test("a given image runs by its entry point, with the container's arguments", () => {
    expect(choose({ image: "trainer", args: ["--x"] }, false)).toEqual({
      entryPoint: ["/usr/bin/node", "/app/main.ts"],
      argv: ["--x"],
    });
  });

  const refused: Record<string, { container: Partial<Container>; reason: string }> = {
    "another image": { container: { image: "other" }, reason: "ImagePullBackOff" },
    "another image with a command": { container: { image: "other", command: ["sh"] }, reason: "ImagePullBackOff" },
    "a given image with another command": {
      container: { image: "trainer", command: ["sh", "-c", "id"] },
      reason: "CreateContainerError",
    },
    "an image named like something every object has": {
      container: { image: "constructor" },
      reason: "ImagePullBackOff",
    },
  };
  test.each(Object.entries(refused))("%s does not run, and the message says what to do", (_, { container, reason }) => {
    const choice = choose(container, false);
    expect(choice).toMatchObject({ waiting: { reason } });
    expect(JSON.stringify(choice)).toContain("--allow-host-commands");
  });
});

describe("with --allow-host-commands", () => {
  test("a container's own command runs, whatever its image", () => {
    expect(choose({ image: "any", command: ["sh"], args: ["-c", "id"] }, true)).toEqual({
      entryPoint: [],
      argv: ["sh", "-c", "id"],
    });
  });

  test("an unknown image without a command has nothing that could run", () => {
    expect(choose({ image: "any" }, true)).toMatchObject({ waiting: { reason: "ImagePullBackOff" } });
  });
});
