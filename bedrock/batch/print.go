package batch

import (
	"fmt"
	"io"
	"log/slog"
)

// The methods in this file keep what a Client reaches, credentials and all, out
// of everything that prints it.

// String returns the model and the folder, as in
// "batch client of anthropic.claude-3-haiku-20240307-v1:0 in s3://bucket/batches".
func (c *Client) String() string {
	return "batch client of " + c.options.Model + " in " + c.options.Folder
}

// Format prints [Client.String], whatever the verb.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue returns [Client.String].
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// String returns the name and the folder, as in
// "batch reviews in s3://bucket/batches".
func (b *Batch) String() string { return "batch " + b.name + " in " + b.c.options.Folder }

// Format prints [Batch.String], whatever the verb.
func (b *Batch) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, b.String()) }
