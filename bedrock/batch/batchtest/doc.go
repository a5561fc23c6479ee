// Package batchtest is a Bedrock that runs batch jobs, with an S3 beside it,
// for tests and examples without an account.
//
// A [Server] has the four operations for jobs of Bedrock's control plane, and a
// store that speaks S3. It checks a job as the service does. A
// [bedrocktest.Handler] judges and answers the records: a record gets the same
// answer or refusal as a call with the same body. The output has the form of
// the service's: a .jsonl.out for each file of the input, with its records in
// another order, and manifest.json.out.
//
// Time does not pass by itself. Each GetModelInvocationJob brings a job one
// step further, from Submitted by Validating, Scheduled and InProgress to its
// end. [Faults] make steps fail.
//
// The server's knowledge of the service is from its documentation. Nothing was
// recorded from a live job.
package batchtest
