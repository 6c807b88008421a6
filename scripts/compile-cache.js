// Loaded before everything else (`node --import`): keeps what Node.js makes of our modules (types stripped, compiled) beside
// the packages, so that a program's second start takes half the time. Every trainer pod of the local cluster is one.
import module from "node:module";
import path from "node:path";

module.enableCompileCache?.(path.join(import.meta.dirname, "..", "node_modules", ".cache", "compiled"));
