package batch

import (
	"cmp"
	"fmt"
)

// Limits are the service's limits for one model in one account. They are
// quotas. Some can be raised, and they differ between models. The current
// values are in the Service Quotas console and in
// https://docs.aws.amazon.com/general/latest/gr/bedrock.html#limits_bedrock. A
// zero field means the default below.
type Limits struct {
	// MinRecords is the quota "Minimum number of records per batch inference
	// job". Its default is 100, as for most models. It was 1,000 once
	// (https://github.com/langchain-ai/langchain-aws/issues/250).
	MinRecords int

	// FileRecords is the quota "Records per input file per batch inference
	// job", and JobRecords the quota "Records per batch inference job". Sources
	// disagree about both: 50,000 (https://github.com/awslabs/graphrag-toolkit,
	// configuring batch extraction) and 100,000 (Service Quotas console, 2026).
	// The default is 50,000, which is within both.
	FileRecords, JobRecords int

	// FileBytes is the quota "Batch inference input file size": 1 GB for every
	// model in the table of the AWS General Reference, not adjustable.
	FileBytes int64

	// JobBytes is the quota "Batch inference job size": 5 GB for most models in
	// that table, 100 GB for Nova Pro.
	JobBytes int64
}

const gigabyte = 1_000_000_000 // the smaller of the two meanings of GB

func (l Limits) settled() Limits {
	return Limits{
		MinRecords:  cmp.Or(l.MinRecords, 100),
		FileRecords: cmp.Or(l.FileRecords, 50_000),
		JobRecords:  cmp.Or(l.JobRecords, 50_000),
		FileBytes:   cmp.Or(l.FileBytes, gigabyte),
		JobBytes:    cmp.Or(l.JobBytes, 5*gigabyte),
	}
}

func (l Limits) check(op string) error {
	switch {
	case l.MinRecords < 0 || l.FileRecords < 0 || l.JobRecords < 0 || l.FileBytes < 0 || l.JobBytes < 0:
		return invalid(op, "Options.Limits: a number is negative")
	case l.FileRecords < l.MinRecords:
		return invalid(op, fmt.Sprintf("Options.Limits.FileRecords: %d is less than MinRecords", l.FileRecords))
	case l.JobRecords < 2*l.MinRecords:
		return invalid(op, fmt.Sprintf("Options.Limits.JobRecords: %d is less than twice MinRecords, so that input could not be split into jobs", l.JobRecords))
	case l.JobBytes < l.FileBytes:
		return invalid(op, "Options.Limits.JobBytes: it is less than FileBytes")
	}
	return nil
}
