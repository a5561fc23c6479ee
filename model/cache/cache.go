package cache

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Store keeps values by key. Keys are of 64 hexadecimal digits. Its methods
// are called concurrently.
type Store interface {
	// Get returns the value of a key, and whether there is one. The value
	// belongs to the caller.
	Get(ctx context.Context, key string) (value []byte, found bool, err error)

	// Put sets the value of a key. It does not keep the slice.
	Put(ctx context.Context, key string, value []byte) error
}

// Options adjust a cache. The zero value suits most uses.
type Options struct {
	// Salt is part of every key: a version of everything else that answers
	// depend on.
	Salt string

	// OnHit, if not nil, is called for each answer that came from the store.
	// Like the functions below, it may be called concurrently.
	OnHit func(ctx context.Context, req *model.Request)

	// OnBypass, if not nil, is called with the reason why a call has no key and
	// is not cached.
	OnBypass func(ctx context.Context, req *model.Request, why error)

	// OnError, if not nil, is called when the store fails or holds something
	// that is not an answer. The model is then asked, and its answer returned.
	OnError func(ctx context.Context, err error)
}

// New returns middleware that answers repeated requests from a store. Nil
// options mean the zero value; with a nil store every call fails
// with [model.ErrInvalidRequest].
func New(store Store, options *Options) model.Middleware {
	c := &cache{store: store}
	if options != nil {
		c.o = *options
	}
	return func(m model.ChatModel) model.ChatModel {
		return model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
			return c.call(ctx, m, req, next)
		})(m)
	}
}

// A cache is a store and its options. It is shared by all models that the
// middleware is put around.
type cache struct {
	store Store
	o     Options
}

// call answers from the store if it can, and otherwise by the model. What goes
// wrong with the store never makes the call fail.
func (c *cache) call(ctx context.Context, m model.ChatModel, req *model.Request, next model.Next) (*model.Response, error) {
	if c.store == nil {
		return nil, &model.Error{Kind: model.ErrInvalidRequest, Op: "cache", Message: "the cache was given no store: it is nil"}
	}
	if e := model.ContextError(ctx); e != nil {
		return nil, e
	}
	if err := req.Validate(); err != nil {
		return nil, err // as the model would
	}
	key, err := keyOf(c.o.Salt, m, req)
	if err != nil {
		if c.o.OnBypass != nil {
			c.o.OnBypass(ctx, req, err)
		}
		return next(ctx, req)
	}
	if resp := c.get(ctx, key); resp != nil {
		if c.o.OnHit != nil {
			c.o.OnHit(ctx, req)
		}
		return resp, nil
	}
	resp, err := next(ctx, req)
	if err == nil {
		c.put(ctx, key, resp)
	}
	return resp, err
}

// get returns the answer of a key, nil if there is none that can be used.
func (c *cache) get(ctx context.Context, key string) *model.Response {
	data, found, err := c.store.Get(ctx, key)
	if err != nil {
		c.failed(ctx, err)
	}
	if err != nil || !found {
		return nil
	}
	resp := new(model.Response)
	if err := json.Unmarshal(data, resp); err != nil {
		c.failed(ctx, errors.New("what is stored under "+key+" is no answer: "+err.Error()))
		return nil
	}
	return resp
}

// put stores an answer. If that fails, only a later hit is lost.
func (c *cache) put(ctx context.Context, key string, resp *model.Response) {
	data, err := json.Marshal(resp)
	if err == nil {
		err = c.store.Put(ctx, key, data)
	}
	if err != nil {
		c.failed(ctx, err)
	}
}

// failed reports an error of the store, if somebody wants to know.
func (c *cache) failed(ctx context.Context, err error) {
	if c.o.OnError != nil {
		c.o.OnError(ctx, err)
	}
}
