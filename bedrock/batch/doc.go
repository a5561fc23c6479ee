// Package batch runs requests by the hundred thousand as Bedrock's batch jobs
// (model invocation jobs): at half the price of calls, in hours rather than
// seconds, and beyond the quota of requests a minute.
//
// A request is the [model.Request] that was tried with [bedrock.Model.Generate],
// and a result the [model.Response] that Generate would have returned. The rules
// and facts of package bedrock decide on both.
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
// them, uploads them, records its next step, and creates the jobs. A process
// that submits the same inputs under the same name goes on from the point at
// which an earlier one died: files that are in S3 are not uploaded again, and a
// job is found by its name, or created with a token that lets the service
// create it once. [Client.Find] goes on without the inputs.
//
//	<folder>/<name>/0/records.jsonl                  ids, warnings and refusals, in order
//	<folder>/<name>/0/input/000/part-00000.jsonl     the records of the first job
//	<folder>/<name>/0/batch.json                     what there is, once all of it is there
//	<folder>/<name>/0/job-000.json                   the ARN of the first job
//	<folder>/<name>/0/output/000/<job>/...           what the service writes
//	<folder>/<name>/1/...                            what was sent again
//	<folder>/<name>/manifest.jsonl                   what became of every input
//
// Uploads that a dead process has left incomplete cost storage until they are
// aborted; a lifecycle rule of the bucket does that. This package never deletes
// a file.
//
// # Records
//
// One job has one model and one [Form] of records. Input that is larger than a
// file or a job may be becomes several ([Limits]); input that is too small for a
// job, and requests that no job of the form takes, are errors before anything is
// uploaded. A record's id is the number of its input, so that the caller's ids may
// be anything.
//
// # Every input comes to one end
//
// [Batch.Results] has exactly one result for each input, in order, even if the
// output is shuffled or cut, or if records or whole files are missing or
// doubled. A result without an answer has an error, which distinguishes a
// failure of the model from a record that is missing or was never run.
// [Results.Account] has the sums and the usage, and [Batch.Manifest] a line for
// each input.
//
// [Batch.Resend] sends failed ones again by a further job. [Batch.Generate]
// does so by calls, if there are too few for a job. The results then have the
// last answer.
//
// # Chains
//
// [NewChain] runs a chain of package runnable, such as a prompt and
// [runnable.Structured], with a batch in the place of its model, unchanged.
//
// # Memory and disk
//
// One record is in memory at a time, the parts that S3 transfers are made of, and
// some bytes for each record of one job; the rest is on disk, in Options.TempDir:
// all of the input while it is submitted, and the output of one job while results
// are read.
//
// # Permissions
//
// The caller needs bedrock:CreateModelInvocationJob, GetModelInvocationJob,
// ListModelInvocationJobs, StopModelInvocationJob and iam:PassRole for the role;
// and s3:ListBucket, GetObject, PutObject and AbortMultipartUpload in the folder.
//
// [batchtest] is a service to test against, without an account.
//
// [batchtest]: https://pkg.go.dev/github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest
package batch
