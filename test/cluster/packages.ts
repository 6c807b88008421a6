/** The distribution's own programs that a cluster takes. On Debian, as root, what is missing is installed. */
import { command, succeeds } from "./command.ts";
import type { ClusterSize } from "./layout.ts";

interface Needed {
  /** Succeeds where the package is there. */
  readonly probe: readonly [string, ...string[]];
  readonly package: string;
}

const onPath = (program: string): Needed["probe"] => ["sh", "-c", `command -v ${program}`];

const always: Needed[] = [
  { probe: onPath("ip"), package: "iproute2" },
  { probe: onPath("sysctl"), package: "procps" },
  { probe: onPath("openssl"), package: "openssl" },
];
const forNode: Needed[] = [
  { probe: onPath("iptables"), package: "iptables" },
  { probe: onPath("nft"), package: "nftables" },
  { probe: onPath("conntrack"), package: "conntrack" },
  { probe: onPath("buildah"), package: "buildah" },
  // Helm's notes say to call the API with it.
  { probe: onPath("curl"), package: "curl" },
  { probe: onPath("debootstrap"), package: "debootstrap" },
  // The image of the tests has this shell alone, so it may need no library: `ldd` fails for such a program.
  { probe: ["sh", "-c", "test -x /bin/busybox && ! ldd /bin/busybox"], package: "busybox-static" },
];
/** For runc, the one tool that is not Go alone. */
const compiler: Needed[] = [
  { probe: onPath("gcc"), package: "gcc" },
  { probe: onPath("pkg-config"), package: "pkg-config" },
  { probe: ["pkg-config", "--exists", "libseccomp"], package: "libseccomp-dev" },
];

/** @throws Error that names the packages which are missing and cannot be installed here */
export async function installPackages(
  size: ClusterSize,
  { withCompiler, progress }: { withCompiler: boolean; progress: (line: string) => void },
): Promise<void> {
  const missing: string[] = [];
  for (const needed of [...always, ...(size === "node" ? forNode : []), ...(withCompiler ? compiler : [])]) {
    if (!(await succeeds(needed.probe))) missing.push(needed.package);
  }
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !(await succeeds(onPath("apt-get")))) {
    throw new Error(`a cluster on this machine needs these packages (by their Debian names): ${missing.join(" ")}`);
  }
  progress(`installing ${missing.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await command(["apt-get", "update", "-qq"], { timeoutMs: 300_000 });
  await command(["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...missing], {
    env,
    timeoutMs: 600_000,
  });
}
