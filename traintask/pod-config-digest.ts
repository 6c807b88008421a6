// Generated from traintask/ by `npm run generate`. Do not edit.

/** Of the schema of a pod's configuration: who writes the same one has checked what we would check. */
export const podConfigDigest = "sha256:12bb5ae2025c5b72998994089e7fbe334e554caa94261efb324e00a26e7678b1";
