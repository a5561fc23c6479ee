// Package batchtest is a Bedrock that runs batch jobs, and an S3 beside it, for
// tests and examples without an account.
//
// A [Server] has the four operations for jobs of Bedrock's control plane and a
// store that speaks S3. A job is checked as the service checks one, and its
// records are judged and answered by [bedrocktest.Handler]: whatever a call with
// such a body would get, the record gets, refusals included. The output is what
// the service writes: a .jsonl.out for each file of the input, its records in
// another order, and manifest.json.out.
//
// Time is made of looks: each GetModelInvocationJob brings a job one step
// further, from Submitted over Validating, Scheduled and InProgress to its end.
// [Faults] are what goes wrong on the way.
//
// The server's knowledge of the service is from its documentation; nothing of
// it was recorded from a live job.
package batchtest
