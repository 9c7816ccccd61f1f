package main

import (
	"net/http"
	"strings"
	"sync/atomic"
)

// lookedAt is the shop of several whose page was asked for last.
type lookedAt struct{ shop atomic.Value }

func (l *lookedAt) id() string {
	id, _ := l.shop.Load().(string)
	return id
}

// note passes requests on. Pages have addresses that end in a slash.
func (l *lookedAt) note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if id, _, below := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/"); below && strings.HasSuffix(req.URL.Path, "/") {
			l.shop.Store(id)
		}
		next.ServeHTTP(w, req)
	})
}
