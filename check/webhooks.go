package check

import (
	"fmt"
)

// webhooks finds those that would not hear anything. Whether an address answers is for "recourse webhook test" to tell.
func (r *run) webhooks() {
	for i, w := range r.Shop.Webhooks {
		key := fmt.Sprintf("webhooks[%d]", i)
		if r.Shop.Intake == "" {
			r.add(webhookIdle, Finding{Subject: key + ".url",
				Message: "The shop has no intake, so there is nothing that this webhook could be told of.",
				Fix:     "Set intake, or drop the webhook."})
		}
		if r.Secrets == nil {
			continue
		}
		if err := r.Secrets(w.Secrets); err != nil {
			r.add(webhookSecrets, Finding{Subject: key + ".secrets",
				Message: fmt.Sprintf("The secrets of this webhook are not there or not right on this machine: %v.", err),
				Fix:     "If this is the machine that serves the intake, put them there: without them nothing is sent to the webhook."})
		}
	}
}
