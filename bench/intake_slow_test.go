package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A slow reader must hold the server up: otherwise its connection is only an idle one.
func TestSlowReadersHoldTheirServerUp(t *testing.T) {
	var written atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(strings.Repeat("x", 10<<10)))
		written.Add(1)
	}))
	defer server.Close()
	c := gather(strings.TrimPrefix(server.URL, "http://"), "/", 3)
	defer c.disperse()
	if err := c.filled(3, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if n := written.Load(); n == 0 || n >= pagesAsked {
		t.Errorf("%d of %d pages were written to a reader that does not read", n, pagesAsked)
	}
}
