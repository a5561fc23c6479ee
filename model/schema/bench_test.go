package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/model/schema"
)

const forecast = `{"city":"Rome","days":3,"unit":"celsius","tags":["a","b","c"]}`

// BenchmarkDecode compares a checked value with a plain one.
func BenchmarkDecode(b *testing.B) {
	raw, err := schema.For[Forecast]()
	if err != nil {
		b.Fatal(err)
	}
	v, err := schema.Compile(raw)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("json.Unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var in Forecast
			if err := json.Unmarshal([]byte(forecast), &in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("schema.Decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := schema.Decode[Forecast](v, []byte(forecast)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("invalid", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := v.Validate([]byte(`{"days":15}`)); err == nil {
				b.Fatal("valid")
			}
		}
	})
}

func BenchmarkFor(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schema.For[Forecast](); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	raw, err := schema.For[Forecast]()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schema.Compile(raw); err != nil {
			b.Fatal(err)
		}
	}
}
