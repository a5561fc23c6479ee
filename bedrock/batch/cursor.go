package batch

import (
	"context"
	"path"
	"path/filepath"
	"strconv"
)

// A cursor moves through the output of a round. The jobs of the round have the
// records in order.
type cursor struct {
	c       *Client
	ctx     context.Context
	round   *round
	dir     string
	account *Account

	next int      // the index of the job after the open one
	out  *outputs // of the open job
	job  *job     // the open job; nil for the answers of calls
}

// look returns the outcome of a record in the round, or nil if the record was
// not sent in it as far as the output shows.
func (q *cursor) look(n int64, about *note) (*Result, error) {
	if err := q.open(n); err != nil || q.out == nil {
		return nil, err
	}
	var best *Result
	lines := q.out.of(n)
	for i, at := range lines {
		if i > 0 {
			q.account.Doubled++
		}
		if best != nil && best.Response != nil {
			continue
		}
		line, err := q.out.read(at)
		if err != nil {
			return nil, err
		}
		res := q.c.read(line, n, about)
		if best == nil || res.Response != nil {
			best = res
		}
	}
	if q.job == nil || q.round.Number > 0 && best == nil {
		return best, nil // the outcome of an earlier round stands
	}
	if best == nil && n >= q.job.First && n <= q.job.Last {
		best = &Result{Err: q.c.missing(&q.job.info)}
	}
	if best != nil {
		best.Job = q.job.Name
	}
	return best, nil
}

// open opens the output of the record's job.
func (q *cursor) open(n int64) error {
	if len(q.round.Jobs) == 0 {
		if q.out != nil {
			return nil
		}
		return q.fetch(path.Join(q.round.folder, answersFolder), 0, mostRecords)
	}
	for q.next < len(q.round.Jobs) && (q.job == nil || n > q.job.Last) {
		q.closeJob()
		q.job = q.round.Jobs[q.next]
		q.next++
		if err := q.fetch(q.job.output, q.job.First, q.job.Last); err != nil {
			return err
		}
	}
	return nil
}

func (q *cursor) fetch(folder string, first, last int64) (err error) {
	if q.out, err = q.c.fetch(q.ctx, resultsOp, folder, filepath.Join(q.dir, strconv.Itoa(q.next)), first, last); err != nil {
		return err
	}
	q.account.Strange += q.out.strange
	q.account.Told.add(q.out.told)
	return nil
}

// rest opens the output of the jobs after the last record.
func (q *cursor) rest() error {
	for q.next < len(q.round.Jobs) {
		if err := q.open(mostRecords + 1); err != nil {
			return err
		}
	}
	return nil
}

func (q *cursor) closeJob() {
	q.out.close()
	q.out = nil
}

func (q *cursor) close() { q.closeJob() }
