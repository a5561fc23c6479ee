package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/chatmodel-go/chatmodel/model"
)

// A store is the folder of the batches in S3. Its keys are relative to that
// folder.
type store struct {
	*reporter
	s3      func() *s3.Client
	manager func() *transfermanager.Client
	bucket  string
	folder  string
}

// newStore returns the store at an address, which has been checked.
func newStore(r *reporter, client *s3.Client, uri string) store {
	bucket, folder, _ := splitURI(uri)
	manager := transfermanager.New(client, transfers)
	return store{reporter: r, bucket: bucket, folder: folder,
		s3: func() *s3.Client { return client }, manager: func() *transfermanager.Client { return manager }}
}

func (s store) key(name string) *string { return aws.String(path.Join(s.folder, name)) }

// uri returns the address of a file. If the name ends in a slash, it is the
// address of a folder.
func (s store) uri(name string) string { return "s3://" + s.bucket + "/" + path.Join(s.folder, name) }

// digestName is the metadata by which upload recognizes a file.
const digestName = "chatmodel-sha256"

// upload uploads a file unless the store has it. Without a digest it always
// uploads.
func (s store) upload(ctx context.Context, op, name, file, sha256 string, size int64) error {
	if sha256 != "" {
		if have, err := s.has(ctx, op, name, sha256, size); have || err != nil {
			return err
		}
	}
	return s.retry(ctx, op, func() error {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		if size <= inOnePiece {
			_, err = s.s3().PutObject(ctx, &s3.PutObjectInput{
				Bucket: &s.bucket, Key: s.key(name), Body: f, Metadata: map[string]string{digestName: sha256}, ContentType: aws.String("application/jsonl"),
			})
			return err
		}
		_, err = s.manager().UploadObject(ctx, &transfermanager.UploadObjectInput{
			Bucket: &s.bucket, Key: s.key(name), Body: f, Metadata: map[string]string{digestName: sha256}, ContentType: aws.String("application/jsonl"),
		})
		return err
	})
}

// has reports whether the store has a file with this content.
func (s store) has(ctx context.Context, op, name, sha256 string, size int64) (have bool, err error) {
	err = s.retry(ctx, op, func() error {
		out, err := s.s3().HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: s.key(name)})
		have = err == nil && aws.ToInt64(out.ContentLength) == size && out.Metadata[digestName] == sha256
		return err
	})
	if err != nil && notFound(err) {
		return false, nil
	}
	return have, err
}

// put writes a small object as JSON.
func (s store) put(ctx context.Context, op, name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return s.write(ctx, op, name, data, nil)
}

// putOnce writes a small object as JSON unless the object exists. It reports
// whether it exists.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
func (s store) putOnce(ctx context.Context, op, name string, v any) (there bool, err error) {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return false, err
	}
	err = s.write(ctx, op, name, data, aws.String("*"))
	if err != nil && thereAlready(err) {
		return true, nil
	}
	return false, err
}

func (s store) write(ctx context.Context, op, name string, data []byte, unless *string) error {
	return s.retry(ctx, op, func() error {
		_, err := s.s3().PutObject(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: s.key(name), Body: bytes.NewReader(data), IfNoneMatch: unless})
		return err
	})
}

// get reads a small object of JSON and reports whether it exists.
func (s store) get(ctx context.Context, op, name string, v any) (found bool, err error) {
	var data []byte
	err = s.retry(ctx, op, func() error {
		out, err := s.s3().GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: s.key(name)})
		if err != nil {
			return err
		}
		defer out.Body.Close()
		data, err = io.ReadAll(io.LimitReader(out.Body, 16<<20))
		return err
	})
	switch {
	case err != nil && notFound(err):
		return false, nil
	case err != nil:
		return false, err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return true, s.error(model.ErrMalformed, op, "", fmt.Sprintf("s3://%s/%s cannot be read: %v", s.bucket, *s.key(name), err))
	}
	return true, nil
}

// An object is a file in the store.
type object struct {
	key  string // the whole key, including the store's folder
	size int64
}

// list lists the files of a folder, each once.
func (s store) list(ctx context.Context, op, folder string) (all []object, err error) {
	seen := map[string]bool{}
	var token *string
	for {
		var out *s3.ListObjectsV2Output
		err := s.retry(ctx, op, func() (err error) {
			out, err = s.s3().ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: aws.String(*s.key(folder) + "/"), ContinuationToken: token})
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, o := range out.Contents {
			if key := aws.ToString(o.Key); !seen[key] {
				seen[key] = true
				all = append(all, object{key, aws.ToInt64(o.Size)})
			}
		}
		if token = out.NextContinuationToken; token == nil || !aws.ToBool(out.IsTruncated) {
			return all, nil
		}
	}
}

// download downloads a file.
func (s store) download(ctx context.Context, op, key, file string) error {
	return s.retry(ctx, op, func() error {
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		_, err = s.manager().DownloadObject(ctx, &transfermanager.DownloadObjectInput{Bucket: &s.bucket, Key: &key, WriterAt: f})
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		return err
	})
}

func three(n int) string {
	s := strconv.Itoa(n)
	for len(s) < 3 {
		s = "0" + s
	}
	return s
}
