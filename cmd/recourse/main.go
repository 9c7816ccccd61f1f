// Command recourse gives a shop everything consumer law makes it offer after the sale: policy
// pages, a complaint form, the withdrawal function and the right dispute notice.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"recourse/day"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// streams is where a command writes: results to Out, progress and errors to Err.
type streams struct{ Out, Err io.Writer }

type commands struct {
	Init    initCommand    `cmd:"" help:"Write a commented shop.toml."`
	Build   buildCommand   `cmd:"" help:"Build pages and widget into dist/."`
	Eject   ejectCommand   `cmd:"" help:"Copy built-in texts, layouts and the stylesheet into your own folder, to change them."`
	Prepare prepareCommand `cmd:"" hidden:"" help:"Build for a server."`
	Watch   watchCommand   `cmd:"" help:"Build, rebuild on change and reload the browser."`
	Serve   serveCommand   `cmd:"" help:"Serve dist, the intake and the inbox in one process."`
	Health  healthCommand  `cmd:"" help:"Ask a running server how it is."`
	Check   checkCommand   `cmd:"" help:"List what is missing, unknown or outdated in shop.toml, texts and law."`
	Law     lawCommand     `cmd:"" help:"What changes in the law of the shop's markets, and when."`
	Publish publishCommand `cmd:"" help:"Record the texts in the ledger, as versions that apply from a day."`
	Version versionCommand `cmd:"" help:"Print the text of a page that was in force on a day."`
	Audit   auditCommand   `cmd:"" help:"Find dead ODR links and stale wording in files, folders and web pages."`
	Mail    mailCommand    `cmd:"" help:"Try the mail server; letters that wait, failed or came back."`
	Webhook webhookCommand `cmd:"" help:"Try the webhooks of a shop, make secrets for them."`
	Verify  verifyCommand  `cmd:"" help:"Check offline whether receipts, exports and what a server keeps are as they were signed or written."`
	User    userCommand    `cmd:"" help:"Manage the people of the inbox; print who has looked at personal data."`
	Backup  backupCommand  `cmd:"" help:"Write everything the server keeps into one signed file, while it runs."`
	Restore restoreCommand `cmd:"" help:"Put a backup into an empty database, SQLite or PostgreSQL."`
	Export  exportCommand  `cmd:"" help:"Write cases as CSV or JSON, signed."`
	Retain  retainCommand  `cmd:"" help:"Erase what is to be erased: by the rules of the shop, or a case on request."`
}

// errFindings makes the command end with status 1 although everything worked: what it looked for was found.
var errFindings = errors.New("findings")

// errUnread ends the command with status 2: nothing was found, but not everything could be looked at.
var errUnread = errors.New("not everything could be read")

// run is main without the process: arguments in, exit status out.
func run(ctx context.Context, args []string, out, errw io.Writer) int {
	exit := -1
	parser := kong.Must(&commands{},
		kong.Name("recourse"),
		kong.Description("Withdrawal function, complaint form, dispute notice and policy pages for any online shop."),
		kong.Writers(out, errw),
		kong.Exit(func(code int) { exit = code }),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{out, errw}),
	)
	command, err := parser.Parse(args)
	if exit >= 0 { // --help
		return exit
	}
	if err != nil {
		fmt.Fprintf(errw, "recourse: %v\nrun \"recourse --help\" for the commands\n", err)
		return 2
	}
	return status(command.Run(), errw)
}

func status(err error, errw io.Writer) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFindings):
		return 1
	case errors.Is(err, errUnread):
		return 2
	case errors.Is(err, errTemporary):
		return 75
	}
	fmt.Fprintf(errw, "recourse: %v\n", err)
	return 1
}

// asOf is the day a build looks at the law, "2026-11-20"; today when not given.
type asOf struct{ day.Day }

func (a asOf) orToday(now time.Time) day.Day {
	if a.Day != 0 {
		return a.Day
	}
	return day.Of(now.Year(), int(now.Month()), now.Day())
}
