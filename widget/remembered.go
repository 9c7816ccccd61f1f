package widget

import "sync"

// remembered keeps what create gave for a key; whoever asks meanwhile waits. It forgets everything when it has grown too
// large, so that memory does not grow with the number of shops.
type remembered[K comparable, V any] struct {
	mu   sync.Mutex
	held map[K]func() (V, error)
}

func (r *remembered[K, V]) get(key K, most int, create func() (V, error)) (V, error) {
	r.mu.Lock()
	once, known := r.held[key]
	if !known {
		if r.held == nil || len(r.held) >= most {
			r.held = map[K]func() (V, error){}
		}
		once = sync.OnceValues(create)
		r.held[key] = once
	}
	r.mu.Unlock()
	return once()
}
