package main

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"time"

	"recourse/intake/webhook"
	"recourse/shop"
)

type webhookCommand struct {
	Test   webhookTestCommand   `cmd:"" help:"Send a test event to the webhooks of a shop and tell what happened."`
	Secret webhookSecretCommand `cmd:"" help:"Print a new secret to sign webhooks with."`
}

type webhookTestCommand struct {
	Shop    string         `help:"The shop's file." default:"shop.toml" type:"path" placeholder:"FILE"`
	URL     string         `name:"url" help:"Send to this address instead of those in the shop's file." placeholder:"URL"`
	Secrets string         `help:"With --url: where the secrets are, env:NAME or file:PATH." default:"env:RECOURSE_WEBHOOK_SECRETS" placeholder:"SOURCE"`
	Allow   []netip.Prefix `help:"For development: networks that may be reached although they are not public, at any port and without TLS." placeholder:"127.0.0.1/32"`
}

func (c *webhookTestCommand) Help() string {
	return `Example: recourse webhook test --shop shop.toml

Sends one event of the type webhook.test, about no case, whatever events an address asked for. To a receiver on your own machine:

  recourse webhook test --url http://127.0.0.1:3000/hooks --secrets file:webhook-secrets --allow 127.0.0.1/32

The command ends with status 1 if an event was not delivered. docs/webhooks.md tells what receivers do.`
}

func (c *webhookTestCommand) Run(ctx context.Context, io streams) error {
	s, err := readShop(c.Shop)
	if err != nil {
		return err
	}
	hooks := s.Webhooks
	if c.URL != "" {
		hooks = []shop.Webhook{{URL: c.URL, Secrets: c.Secrets}}
	}
	if len(hooks) == 0 {
		return fmt.Errorf("test the webhooks of %q: the shop has none; add [[webhooks]] to %s, or name an address with --url", s.ID, near(c.Shop))
	}
	var failed error
	for _, hook := range hooks {
		if err := c.test(ctx, s, hook); err != nil {
			failed = errFindings
			fmt.Fprintf(io.Out, "%s: not delivered: %v\n", hook.URL, err)
			continue
		}
		fmt.Fprintf(io.Out, "%s: delivered\n", hook.URL)
	}
	return failed
}

func (c *webhookTestCommand) test(ctx context.Context, s *shop.Shop, hook shop.Webhook) error {
	secrets, err := webhook.ReadSecrets(hook.Secrets, filepath.Dir(c.Shop))
	if err != nil {
		return err
	}
	sender := webhook.NewSender(webhook.Options{Allow: c.Allow})
	return sender.Send(ctx, webhook.Delivery{ID: webhook.NewID(), URL: hook.URL, Secrets: secrets, Event: webhook.Trial(s, time.Now())})
}

// secretsAreThere reads the secrets of a webhook, for the check of a shop.
func secretsAreThere(source, shopFile string) error {
	_, err := webhook.ReadSecrets(source, filepath.Dir(shopFile))
	return err
}

type webhookSecretCommand struct{}

func (c *webhookSecretCommand) Help() string {
	return `Example: recourse webhook secret > webhook-secrets

Give the secret to the receiver, and keep it where the shop's file says: secrets = "file:webhook-secrets".`
}

func (c *webhookSecretCommand) Run(io streams) error {
	_, err := fmt.Fprintln(io.Out, webhook.NewSecret())
	return err
}
