/**
 * An image of the local cluster is a command on the host. It runs the images that it was given; a container's own
 * command runs only where the user has allowed that.
 */
import type { Container } from "../../kube/objects.ts";

export interface LocalImage {
  /** What stands for the image's entry point: an executable and its first arguments. */
  readonly command: readonly string[];
}

export interface ImagePolicy {
  readonly images: Readonly<Record<string, LocalImage>>;
  /** Whether containers may bring a command of their own. */
  readonly allowHostCommands: boolean;
}

export type CommandChoice =
  | {
      /** Paths and arguments of this machine, when the image is one of the given ones; else none. */
      readonly entryPoint: readonly string[];
      /** What the pod says, with paths as the pod knows them. */
      readonly argv: readonly string[];
    }
  /** Why the container waits, in the kubelet's words. */
  | { readonly waiting: { readonly reason: string; readonly message: string } };

/** What to run for a container: the entry point, followed by what the pod says. */
export function chooseCommand(container: Container, { images, allowHostCommands }: ImagePolicy): CommandChoice {
  const name = container.image ?? "";
  const image = Object.hasOwn(images, name) ? images[name] : undefined;
  const { command = [], args = [] } = container;
  if (image !== undefined && command.length === 0) return { entryPoint: image.command, argv: args };
  if (!allowHostCommands) {
    const known = Object.keys(images).join(", ") || "no image";
    const message = `this local cluster runs ${known} only; start it with --allow-host-commands to run other commands on this machine`;
    return image === undefined
      ? { waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${name}": ${message}` } }
      : { waiting: { reason: "CreateContainerError", message } };
  }
  if (command.length > 0) return { entryPoint: [], argv: [...command, ...args] };
  const message = `Back-off pulling image "${name}": there are no images on this machine; say in "command" what to run`;
  return { waiting: { reason: "ImagePullBackOff", message } };
}
