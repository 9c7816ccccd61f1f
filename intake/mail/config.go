package mail

import (
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"

	"github.com/wneessen/go-mail"
)

// Config says how to reach the mail server.
type Config struct {
	Host     string
	Port     int
	User     string
	Password string
	From     netmail.Address // empty: the trader's address
	Implicit bool            // TLS from the first byte (smtps)
	TLS      string          // "required", "opportunistic", "none": what to do about STARTTLS
}

// ParseURL reads the address of a mail server:
//
//	smtps://user:password@mail.example            TLS from the start, port 465
//	smtp://user:password@mail.example             STARTTLS or nothing, port 587
//	smtp://localhost:25?tls=none                  a relay on the same machine
//	smtps://…/?from=Shop+<service@shop.example>   another sender than the trader's address
//
// tls is required (default), opportunistic or none.
func ParseURL(s string) (Config, error) {
	u, err := url.Parse(s)
	if err != nil {
		// The text of a parse error holds the password.
		return Config{}, fmt.Errorf("read the address of the mail server: it is not a URL; write smtps://user:password@host, with special characters in the password percent-encoded")
	}
	c := Config{Host: u.Hostname(), User: u.User.Username(), Implicit: u.Scheme == "smtps", TLS: "required"}
	c.Password, _ = u.User.Password()
	if u.Scheme != "smtp" && u.Scheme != "smtps" || c.Host == "" {
		return Config{}, fmt.Errorf("read the address of the mail server: scheme %q with host %q; write smtps://user:password@host or smtp://host", u.Scheme, c.Host)
	}
	if err := c.setPort(u.Port()); err != nil {
		return Config{}, err
	}
	return c, c.setOptions(u.Query())
}

func (c *Config) setPort(port string) (err error) {
	if port == "" {
		c.Port = 587
		if c.Implicit {
			c.Port = 465
		}
		return nil
	}
	if c.Port, err = strconv.Atoi(port); err != nil || c.Port < 1 || c.Port > 65535 {
		return fmt.Errorf("read the address of the mail server: port %q; write a number, usually 465 or 587", port)
	}
	return nil
}

func (c *Config) setOptions(q url.Values) error {
	for name, values := range q {
		switch value := values[0]; name {
		case "tls":
			if value != "required" && value != "opportunistic" && value != "none" {
				return fmt.Errorf("read the address of the mail server: tls=%q; write required, opportunistic or none", value)
			}
			c.TLS = value
		case "from":
			from, err := netmail.ParseAddress(value)
			if err != nil {
				return fmt.Errorf("read the address of the mail server: from=%q is not an email address: %w", value, err)
			}
			c.From = *from
		default:
			return fmt.Errorf("read the address of the mail server: option %q is not known; there are tls and from", name)
		}
	}
	return nil
}

func (c Config) options() []mail.Option {
	policy := map[string]mail.TLSPolicy{"required": mail.TLSMandatory, "opportunistic": mail.TLSOpportunistic, "none": mail.NoTLS}[c.TLS]
	options := []mail.Option{mail.WithPort(c.Port), mail.WithTLSPolicy(policy), mail.WithTimeout(Timeout / 2), mail.WithoutNoop()}
	if c.Implicit {
		options = append(options, mail.WithSSL())
	}
	if c.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(c.User), mail.WithPassword(c.Password))
	}
	return options
}
