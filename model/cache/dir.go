package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Dir is a [Store] of files in a directory, one for each key, named by it. It
// is made by [NewDir].
type Dir struct{ path string }

// NewDir returns a store in the directory of the given path, which is made if
// it does not exist, for its owner alone. So are the files: they hold
// conversations. Nothing is ever deleted; what is no longer wanted can be
// removed at any time.
func NewDir(path string) (*Dir, error) {
	if path == "" {
		return nil, errors.New("cache: the path of the directory is empty")
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	return &Dir{path}, nil
}

// Get reads the file of a key.
func (d *Dir) Get(_ context.Context, key string) ([]byte, bool, error) {
	name, err := d.file(key)
	if err != nil {
		return nil, false, err
	}
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("cache: %w", err)
	}
	return data, true, nil
}

// Put writes the file of a key. Readers see the old value or the new one,
// never a part.
func (d *Dir) Put(_ context.Context, key string, value []byte) error {
	name, err := d.file(key)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(d.path, ".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	_, err = f.Write(value)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("cache: %w", err)
	}
	return nil
}

// file returns the name of a key's file. Keys come from this package; one that
// is a path is refused all the same.
func (d *Dir) file(key string) (string, error) {
	if key == "" || strings.Trim(key, "0123456789abcdef") != "" {
		return "", fmt.Errorf("cache: %q is not a key; keys are hexadecimal digits", key)
	}
	return filepath.Join(d.path, key+".json"), nil
}
