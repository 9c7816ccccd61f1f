package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"recourse/intake/docket"
	"recourse/intake/people"
)

type userCommand struct {
	List     userListCommand     `cmd:"" help:"List the people of the inbox with their roles."`
	Add      userAddCommand      `cmd:"" help:"Add a person; prints the password that is drawn."`
	Password userPasswordCommand `cmd:"" help:"Give a person a new password."`
	Role     userRoleCommand     `cmd:"" help:"Say what a person may do, for one shop or for all."`
	Disable  userDisableCommand  `cmd:"" help:"Lock a person out."`
	Enable   userEnableCommand   `cmd:"" help:"Let a person in again."`
	Remove   userRemoveCommand   `cmd:"" help:"Remove a person; what they wrote stays."`
	Audit    userAuditCommand    `cmd:"" help:"Print who has looked at personal data."`
}

func (c *userCommand) Help() string {
	return `Example: recourse user add eva --name "Eva Kowalska" --role agent --for amber --data /var/lib/recourse

The server may be running: what changes counts with the next request. Sessions of a person whose password or role changes, or
who is locked out or removed, end at once. docs/inbox.md tells what the roles may do.`
}

// manned runs do with the users of a database.
func (f vaultFlags) manned(ctx context.Context, do func(*vault, people.Office) error) error {
	v, err := f.existing(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(v, people.Office{Store: v}), v.close())
}

// user changes one, and says in words when there is none.
func (f vaultFlags) user(ctx context.Context, login string, do func(people.Office) error) error {
	return f.manned(ctx, func(_ *vault, o people.Office) error {
		err := do(o)
		if errors.Is(err, docket.ErrNotFound) {
			return fmt.Errorf("there is no user %q; \"recourse user list\" shows who there is", login)
		}
		return err
	})
}

type userListCommand struct{ vaultFlags }

func (c *userListCommand) Run(ctx context.Context, out streams) error {
	return c.manned(ctx, func(v *vault, _ people.Office) error {
		all, err := v.Users(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(out.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "USER\tNAME\tROLES\tSTATE")
		for _, u := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.Login, u.Name, roles(u), map[bool]string{false: "active", true: "disabled"}[u.Disabled])
		}
		return w.Flush()
	})
}

// roles of a user: "amber=agent *=reader".
func roles(u docket.User) string {
	var all []string
	for _, id := range slices.Sorted(maps.Keys(u.Roles)) {
		all = append(all, id+"="+string(u.Roles[id]))
	}
	return strings.Join(all, " ")
}

// scope is where a role counts.
type scope struct {
	For string `help:"Id of the shop the role is for; without it, it is for all shops of the server." default:"*" placeholder:"SHOP"`
}

type userAddCommand struct {
	Login string `arg:"" help:"User name, such as eva or eva@example.org."`
	Name  string `help:"Name as colleagues know it." placeholder:"NAME"`
	Role  string `help:"What the person may do: reader, agent or owner." enum:"reader,agent,owner" default:"agent"`
	scope
	passwordFlag
	vaultFlags
}

func (c *userAddCommand) Run(ctx context.Context, out streams) error {
	chosen, err := c.chosen(c.Login)
	if err != nil {
		return err
	}
	return c.manned(ctx, func(_ *vault, o people.Office) error {
		password, err := o.Add(ctx, c.Login, c.Name, map[string]docket.Role{c.For: docket.Role(c.Role)}, time.Now())
		if err == nil && chosen != "" {
			return o.SetPassword(ctx, c.Login, chosen)
		}
		if err == nil {
			fmt.Fprintln(out.Out, password)
		}
		return err
	})
}

// passwordFlag takes a password that is not drawn. It is never a flag itself: everybody on the machine sees those.
type passwordFlag struct {
	PasswordStdin bool `help:"Read the password from the standard input instead of drawing one."`
}

func (f passwordFlag) chosen(login string) (string, error) {
	if !f.PasswordStdin {
		return "", nil
	}
	line, err := bufio.NewReader(io.LimitReader(os.Stdin, 4<<10)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("read the password: %w", err)
	}
	password := strings.TrimRight(line, "\r\n")
	return password, people.Good(password, login)
}

type userPasswordCommand struct {
	Login string `arg:"" help:"User name."`
	passwordFlag
	vaultFlags
}

func (c *userPasswordCommand) Help() string {
	return `Example: recourse user password owner --data /var/lib/recourse

Draws a password and prints it, this once. To choose one: recourse user password owner --password-stdin < FILE`
}

func (c *userPasswordCommand) Run(ctx context.Context, out streams) error {
	password, err := c.chosen(c.Login)
	if err != nil {
		return err
	}
	drawn := password == ""
	if drawn {
		password = people.Draw()
	}
	err = c.user(ctx, c.Login, func(o people.Office) error { return o.SetPassword(ctx, c.Login, password) })
	if err == nil && drawn {
		fmt.Fprintln(out.Out, password)
	}
	return err
}

type userRoleCommand struct {
	Login string `arg:"" help:"User name."`
	Role  string `arg:"" help:"reader, agent, owner, or none." enum:"reader,agent,owner,none"`
	scope
	vaultFlags
}

func (c *userRoleCommand) Run(ctx context.Context) error {
	role := docket.Role(c.Role)
	if c.Role == "none" {
		role = ""
	}
	return c.user(ctx, c.Login, func(o people.Office) error { return o.SetRole(ctx, c.Login, c.For, role) })
}

type userDisableCommand struct {
	Login string `arg:"" help:"User name."`
	vaultFlags
}

func (c *userDisableCommand) Run(ctx context.Context) error {
	return c.user(ctx, c.Login, func(o people.Office) error { return o.Disable(ctx, c.Login, true) })
}

type userEnableCommand struct {
	Login string `arg:"" help:"User name."`
	vaultFlags
}

func (c *userEnableCommand) Run(ctx context.Context) error {
	return c.user(ctx, c.Login, func(o people.Office) error { return o.Disable(ctx, c.Login, false) })
}

type userRemoveCommand struct {
	Login string `arg:"" help:"User name."`
	vaultFlags
}

func (c *userRemoveCommand) Run(ctx context.Context) error {
	return c.user(ctx, c.Login, func(o people.Office) error { return o.Remove(ctx, c.Login) })
}

type userAuditCommand struct {
	Since asOf `help:"From this day on (UTC); without it, from the first." placeholder:"YYYY-MM-DD"`
	vaultFlags
}

func (c *userAuditCommand) Help() string {
	return `Example: recourse user audit --since 2026-11-01 --data /var/lib/recourse

One line for each time somebody was shown personal data, with tabs between: time (UTC), user name, what (list, search, case, file,
export, print), shop, reference of the case, detail. Of a list the detail is how many cases it showed.`
}

func (c *userAuditCommand) Run(ctx context.Context, out streams) error {
	return c.manned(ctx, func(v *vault, _ people.Office) error {
		var from time.Time
		if c.Since.Day != 0 {
			year, month, dom := c.Since.Date()
			from = time.Date(year, time.Month(month), dom, 0, 0, 0, 0, time.UTC)
		}
		return printViews(ctx, v, from, out.Out)
	})
}

func printViews(ctx context.Context, v *vault, from time.Time, out io.Writer) error {
	names := make(map[int64]string)
	w := bufio.NewWriter(out)
	err := v.ViewsSince(ctx, from, func(one docket.View) error {
		name, err := referenceOf(ctx, v, names, one.Case)
		if err == nil {
			_, err = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", one.At.UTC().Format(time.RFC3339), one.Login, one.What, one.Shop, name, one.Detail)
		}
		return err
	})
	return errors.Join(err, w.Flush())
}

// referenceOf names a case; one that was erased since has no name any more.
func referenceOf(ctx context.Context, v *vault, names map[int64]string, id int64) (string, error) {
	if name, ok := names[id]; ok || id == 0 {
		return name, nil
	}
	c, err := v.ByID(ctx, id)
	if errors.Is(err, docket.ErrNotFound) {
		c.Reference, err = "erased", nil
	}
	names[id] = c.Reference
	return c.Reference, err
}
