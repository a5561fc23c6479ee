package batch

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"slices"
)

// ids finds inputs with the same id without keeping all ids in memory. It
// writes their digests to a file, and reads the file as often as needed to
// compare one share of them at a time.
type ids struct {
	file *os.File
	w    *bufio.Writer
	n    int64
}

const (
	digestSize = 16 // of SHA-256, enough that two ids never match by chance
	entrySize  = digestSize + 8
	share      = 1 << 16 // the number of digests compared at a time
)

type entry [entrySize]byte

func newIDs(path string) (*ids, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &ids{file: f, w: bufio.NewWriter(f)}, nil
}

// add records the id of the next input.
func (d *ids) add(id string) error {
	sum := sha256.Sum256([]byte(id))
	e := binary.BigEndian.AppendUint64(sum[:digestSize:digestSize], uint64(d.n))
	d.n++
	_, err := d.w.Write(e)
	return err
}

// twice returns the numbers of two inputs with the same id, if there are any.
func (d *ids) twice() (a, b int64, found bool, err error) {
	if err := d.w.Flush(); err != nil {
		return 0, 0, false, err
	}
	shares := uint32(d.n/share) + 1
	some := make([]entry, 0, min(d.n, share*2))
	for turn := range shares {
		if _, err := d.file.Seek(0, io.SeekStart); err != nil {
			return 0, 0, false, err
		}
		some = some[:0]
		r := bufio.NewReaderSize(d.file, 64<<10)
		for {
			var e entry
			if _, err := io.ReadFull(r, e[:]); err == io.EOF {
				break
			} else if err != nil {
				return 0, 0, false, err
			}
			if binary.BigEndian.Uint32(e[:])%shares == turn {
				some = append(some, e)
			}
		}
		slices.SortFunc(some, func(a, b entry) int { return bytes.Compare(a[:], b[:]) })
		for i := 1; i < len(some); i++ {
			if bytes.Equal(some[i-1][:digestSize], some[i][:digestSize]) {
				number := func(e entry) int64 { return int64(binary.BigEndian.Uint64(e[digestSize:])) }
				return number(some[i-1]), number(some[i]), true, nil
			}
		}
	}
	return 0, 0, false, nil
}

func (d *ids) close() { d.file.Close() }
