// Package batch runs requests by the hundred thousand as Bedrock's batch jobs
// (model invocation jobs). They cost half the price of calls, take hours rather
// than seconds, and do not count against the quota of requests a minute.
//
// A request is the [model.Request] that you have tried with
// [bedrock.Model.Generate]. A result is the [model.Response] that Generate
// would have returned. The rules and facts of package bedrock apply to both.
//
//	client, err := batch.Open(ctx, batch.Options{
//		Model:  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
//		Folder: "s3://bucket/batches",
//		Role:   "arn:aws:iam::123456789012:role/batch",
//	})
//	b, err := client.Submit(ctx, "reviews-2026-11", inputs)
//	for progress, err := range b.Watch(ctx) {
//		fmt.Println(progress)
//	}
//	for result, err := range b.Results(ctx, nil).All() {
//		fmt.Println(result.ID, result.Response, result.Err)
//	}
//
// # A batch is a name
//
// A [Batch] lives in its folder in S3 and with the service, not in the process
// that submitted it. [Client.Submit] writes all requests to disk and judges
// them, uploads them, records the plan of its jobs, and creates the jobs. If
// the process dies, a process that submits the same inputs under the same name
// continues at that point. It does not upload again the files that are in S3.
// It finds a job by its name, or creates it with a token, for which the service
// creates only one job. [Client.Find] continues a batch without the inputs.
//
//	<folder>/<name>/0/records.jsonl                  ids, warnings and refusals, in order
//	<folder>/<name>/0/input/000/part-00000.jsonl     the records of the first job
//	<folder>/<name>/0/batch.json                     the plan, once all input is there
//	<folder>/<name>/0/job-000.json                   the ARN of the first job
//	<folder>/<name>/0/output/000/<job>/...           the service's output
//	<folder>/<name>/1/...                            the records that were sent again
//	<folder>/<name>/manifest.jsonl                   the outcome of every input
//
// Uploads that a dead process has left incomplete cost storage until they are
// aborted; a lifecycle rule of the bucket does that. This package never deletes
// a file.
//
// # Records
//
// A job has one model and one [Form] of records. If the input is larger than a
// file or a job may be, it is split; see [Limits]. Input that is too small for
// a job, and requests that no job of the form accepts, are errors before
// anything is uploaded. A record's id is the number of its input, so that the
// caller's ids may be anything.
//
// # Every input has one result
//
// [Batch.Results] has exactly one result for each input, in order. That holds
// even if the output is shuffled or cut, or if records or whole files are
// missing or doubled. A result without an answer has an error, which
// distinguishes a failure of the model from a record that is missing or was
// never run. [Results.Account] has the sums and the usage, and [Batch.Manifest]
// has a line for each input.
//
// [Batch.Resend] sends failed records again by a further job. [Batch.Generate]
// does so by calls, for example if there are too few for a job. The results
// then have the latest answer.
//
// # Chains
//
// [NewChain] runs a chain of package runnable, such as a prompt and
// [runnable.Structured], with a batch in the place of its model. The chain is
// not changed.
//
// # Memory and disk
//
// In memory are one record at a time, the parts that S3 transfers consist of,
// and some bytes for each record of one job. The rest is on disk, in
// Options.TempDir: all of the input during Submit, and the output of one job
// while results are read.
//
// # Permissions
//
// The caller needs bedrock:CreateModelInvocationJob, GetModelInvocationJob,
// ListModelInvocationJobs, StopModelInvocationJob and iam:PassRole for the
// role, and s3:ListBucket, GetObject, PutObject and AbortMultipartUpload in the
// folder.
//
// For tests without an account, [batchtest] plays the service and S3.
//
// [batchtest]: https://pkg.go.dev/github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest
package batch
