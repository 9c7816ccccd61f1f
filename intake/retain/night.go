package retain

import (
	"context"
	"log/slog"
	"time"

	"recourse/intake/docket"
	"recourse/shop"
)

// Keeper carries out the rules of shops every night.
type Keeper struct {
	Vault
	Shops func() []*shop.Shop // that are served now
	Now   func() time.Time
	Log   *slog.Logger
}

const (
	beginning = 2 * time.Hour    // after midnight by the shop's clock; a server that starts later in the day does it then
	look      = 10 * time.Minute // between looks at the clock
)

// Run works until ctx ends. A run under way is finished first, as far as its transaction.
func (k Keeper) Run(ctx context.Context) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		k.all(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// all carries out the rules of all shops, and gives up the room of what was erased once for all of them: everybody waits meanwhile.
func (k Keeper) all(ctx context.Context) {
	mine := false
	for _, sh := range k.Shops() {
		if sh.Retention.Set() && ctx.Err() == nil {
			mine = k.round(ctx, sh) || mine
		}
	}
	if !mine {
		return
	}
	if err := k.purge(ctx); err != nil && ctx.Err() == nil {
		k.Log.Error("the room of what was erased is not given up before the next night", "error", err)
	}
}

// round carries out the rules of a shop, if no server of the database has done so this night.
func (k Keeper) round(ctx context.Context, sh *shop.Shop) (mine bool) {
	now := k.Now()
	mine, err := k.claim(ctx, sh, now)
	if err == nil && !mine {
		return false
	}
	var erased docket.Erasure
	if err == nil {
		erased, err = k.run(ctx, sh, now)
	}
	if err != nil && ctx.Err() == nil {
		k.Log.Error("the rules of retention are not carried out to the end; see \"recourse retain\"", "shop", sh.ID, "error", err)
	}
	if erased.Cases > 0 || erased.Files > 0 {
		k.Log.Info("erased by the rules of retention", "shop", sh.ID, "cases", erased.Cases, "attachments", erased.Files)
	}
	return mine
}

// claim tells whether this server is the one to do it this night.
func (k Keeper) claim(ctx context.Context, sh *shop.Shop, now time.Time) (bool, error) {
	name, night := "retain "+sh.ID, docket.DayOf(now.Add(-beginning), sh.Location()).String()
	last, err := k.Setting(ctx, name)
	if err != nil || last == night {
		return false, err
	}
	return k.Swap(ctx, name, last, night)
}
