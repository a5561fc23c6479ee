package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
)

// A store stores conversations. Messages are stored as JSON, which preserves
// everything, including signatures of thinking.
type store struct{ db *sql.DB }

const tables = `
CREATE TABLE IF NOT EXISTS chats (id INTEGER PRIMARY KEY, begun TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
	chat INTEGER NOT NULL REFERENCES chats(id),
	number INTEGER NOT NULL,
	message TEXT NOT NULL,
	PRIMARY KEY (chat, number)
);
CREATE TABLE IF NOT EXISTS calls (
	id INTEGER PRIMARY KEY,
	chat INTEGER NOT NULL REFERENCES chats(id),
	usage TEXT NOT NULL,
	cost INTEGER NOT NULL
);`

func openStore(file string) (*store, error) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // SQLite has one writer at a time anyway, and with :memory: each connection has its own database
	if _, err := db.Exec(tables); err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &store{db}, nil
}

func (s *store) close() error { return s.db.Close() }

func (s *store) newChat(ctx context.Context) (id int64, err error) {
	r, err := s.db.ExecContext(ctx, "INSERT INTO chats (begun) VALUES (?)", time.Now().UTC().Format(time.RFC3339))
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

var errNoChat = errors.New("there is no such chat")

// messages returns a chat's messages, in order.
func (s *store) messages(ctx context.Context, chat int64) ([]model.Message, error) {
	var begun string
	if err := s.db.QueryRowContext(ctx, "SELECT begun FROM chats WHERE id = ?", chat).Scan(&begun); errors.Is(err, sql.ErrNoRows) {
		return nil, errNoChat
	} else if err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, "SELECT message FROM messages WHERE chat = ? ORDER BY number", chat)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []model.Message{}
	for rows.Next() {
		var data []byte
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		var m model.Message
		if err := json.Unmarshal(data, &m); err != nil {
			return nil, fmt.Errorf("message %d of chat %d: %w", len(all), chat, err)
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// add stores messages after the first n messages of a chat, with the cost of
// the calls that made them. It stores everything or nothing.
func (s *store) add(ctx context.Context, chat int64, n int, messages []model.Message, calls []model.Usage, prices budget.Prices) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	for i, m := range messages {
		data, err := json.Marshal(m)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO messages VALUES (?, ?, ?)", chat, n+i, data); err != nil {
			return err
		}
	}
	for _, u := range calls {
		data, err := json.Marshal(u)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO calls (chat, usage, cost) VALUES (?, ?, ?)", chat, data, int64(prices.Cost(u))); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// spent returns the usage and the cost of a chat so far.
func (s *store) spent(ctx context.Context, chat int64) (sum model.Usage, cost budget.Amount, err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT usage, cost FROM calls WHERE chat = ?", chat)
	if err != nil {
		return sum, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var data []byte
		var amount int64
		if err := rows.Scan(&data, &amount); err != nil {
			return sum, 0, err
		}
		var u model.Usage
		if err := json.Unmarshal(data, &u); err != nil {
			return sum, 0, err
		}
		sum, cost = sum.Add(u), cost+budget.Amount(amount)
	}
	return sum, cost, rows.Err()
}
