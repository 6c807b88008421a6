/** Guards of the pods that operator/ makes, and of the tests that hold them to an allow-list. */
import type { Guard } from "./guard.ts";

export const guards: Guard[] = [
  {
    name: "a ConfigMap that is not there does not keep the pod from starting",
    file: "operator/dataset-file.ts",
    find: "optional: true } }, mount",
    replace: "} }, mount",
    test: "operator/dataset-file.test.ts",
  },
  {
    name: "the volume of a table can only be read",
    file: "operator/dataset-file.ts",
    find: "claimName: volume.claimName, readOnly: true",
    replace: "claimName: volume.claimName",
    test: "operator/dataset-file.test.ts",
  },
  {
    name: "a path that looks like a reference to a variable is none",
    file: "operator/dataset-file.ts",
    find: 'text.replaceAll("$", "$$$$")',
    replace: "text",
    test: "operator/dataset-file.test.ts",
  },
  {
    name: "the pod has no token for the Kubernetes API",
    file: "operator/pod-template.ts",
    find: "    automountServiceAccountToken: false,\n",
    replace: "",
    test: "test/generated/pods.test.ts",
  },
  {
    name: "nothing of a container is taken over that nobody thought of",
    file: "operator/pod-template.ts",
    find: "    ...(container?.workingDir === undefined ?",
    replace: "    ...container,\n    ...(container?.workingDir === undefined ?",
    test: "test/generated/pods.test.ts",
  },
  {
    name: "a field of the schema that is never drawn is noticed",
    file: "test/generated/specs.ts",
    find: 'oneOf("randomForest", "gradientBoosting", "search", "container", "container")',
    replace: 'oneOf("randomForest")',
    test: "test/generated/pods.test.ts",
  },
];
