package recordings

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Check returns an error that joins all faults of a tree of cassettes. Run it
// in a test beside the tests that replay them. It checks that
//
//   - every file is a cassette that owned names once, or the view of one;
//   - every name in owned is a cassette, so that no recording is left that no test
//     plays;
//   - every cassette can be read, has an exchange, and names its origin;
//   - every cassette with an event stream has its view, and the view is the result of
//     [Cassette.View];
//   - [Scan] finds nothing.
func Check(fsys fs.FS, owned ...string) error {
	var errs []error
	claims := map[string]int{}
	for _, name := range owned {
		if claims[name]++; claims[name] == 2 {
			errs = append(errs, fmt.Errorf("recordings: %s: claimed more than once", name))
		}
	}
	found, err := filesIn(fsys)
	errs = append(errs, err)
	for _, file := range found {
		errs = append(errs, checkFile(fsys, file, claims))
	}
	for name := range claims {
		if !slices.Contains(found, name+cassetteExt) {
			errs = append(errs, fmt.Errorf("recordings: %s: claimed, but there is no such cassette", name))
		}
	}
	return errors.Join(append(errs, Scan(fsys))...)
}

func filesIn(fsys fs.FS) (files []string, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, name)
		}
		return err
	})
	return files, err
}

func checkFile(fsys fs.FS, file string, claims map[string]int) error {
	name := strings.TrimSuffix(file, path.Ext(file))
	switch path.Ext(file) {
	case cassetteExt:
		if claims[name] == 0 {
			return fmt.Errorf("recordings: %s: no test claims this cassette", file)
		}
		return checkCassette(fsys, name)
	case viewExt:
		if _, err := fs.Stat(fsys, name+cassetteExt); err != nil {
			return fmt.Errorf("recordings: %s: a view without a cassette", file)
		}
		return nil
	default:
		return fmt.Errorf("recordings: %s: neither a cassette nor a view", file)
	}
}

func checkCassette(fsys fs.FS, name string) error {
	c, err := Load(fsys, name)
	if err != nil {
		return err
	}
	if err := c.Origin.validate(); err != nil {
		return fmt.Errorf("recordings: %s: %w", name, err)
	}
	if len(c.Exchanges) == 0 {
		return fmt.Errorf("recordings: %s: the cassette is empty", name)
	}
	view, err := fs.ReadFile(fsys, name+viewExt)
	switch want := c.View(); {
	case errors.Is(err, fs.ErrNotExist) && want == "":
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("recordings: %s: the view %s%s of its event streams is missing", name, name, viewExt)
	case err != nil:
		return fmt.Errorf("recordings: %s: %w", name, err)
	case strings.ReplaceAll(string(view), "\r\n", "\n") != want: // git may change line ends
		return fmt.Errorf("recordings: %s: the view %s%s does not match the cassette", name, name, viewExt)
	}
	return nil
}
