package main

import (
	"io"
	"log/slog"
)

// logs is how much is told of what goes on, and how. Its fields are flags.
type logs struct {
	Log      string     `help:"How the log is written: text or json." enum:"text,json" default:"text" placeholder:"text"`
	LogLevel slog.Level `help:"The least important lines that are written: debug, info (a line for each request), warn or error." default:"info" placeholder:"info"`
}

func (l logs) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.LogLevel}
	if l.Log == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
