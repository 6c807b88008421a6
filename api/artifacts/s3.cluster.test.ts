/** The tests of the bucket, in the run that builds an S3 server for them: with `npm test` alone they may be left out. */
import "./s3-faults.test.ts";
import "./s3-objects.test.ts";
