// Package remember keeps what is made for a key, so that it is made once however many ask for it at the same time.
package remember

import "sync"

// Values keeps what create gave for a key; whoever asks meanwhile waits. It forgets everything when it has grown too large, so
// that memory does not grow with the number of shops. The zero value is empty.
type Values[K comparable, V any] struct {
	mu   sync.Mutex
	held map[K]func() (V, error)
}

// Get gives the value of a key, or the error there was in making it. At most so many are kept.
func (r *Values[K, V]) Get(key K, most int, create func() (V, error)) (V, error) {
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

// Forget drops all values.
func (r *Values[K, V]) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = nil
}
