package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

type healthCommand struct {
	URL string `arg:"" optional:"" help:"What to ask." default:"http://localhost:8080/readyz" placeholder:"URL"`
}

func (c *healthCommand) Help() string {
	return `Example: recourse health http://localhost:9090/readyz

Asks a running server how it is and prints its answer. The status is 0 when it can take submissions, else 1: for containers, whose images
have no other program to ask with, and for scripts.`
}

func (c *healthCommand) Run(ctx context.Context, out streams) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return fmt.Errorf("ask %q: %w; write for example http://localhost:9090/readyz", c.URL, err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("ask how the server is: %w", err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(out.Out, io.LimitReader(answer.Body, 64<<10)); err != nil {
		return fmt.Errorf("ask how the server is: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return errFindings
	}
	return nil
}
