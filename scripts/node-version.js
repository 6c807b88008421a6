// Loaded before everything else (`node --import`), also by a Node.js that cannot read TypeScript: plain JavaScript.
import "./compile-cache.js";

const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `TrainTask needs Node.js 24; this is ${process.versions.node} (${process.execPath}).\n` +
      "`npm ci` installs Node.js 24 into node_modules and npm scripts use it: run `npm ci` again without " +
      "--ignore-scripts or --omit=dev, then start with `npm start`.\nIf it still is not there, npm could not install the package " +
      "`node` for this platform: install Node.js 24 or newer yourself.",
  );
  process.exit(1);
}
